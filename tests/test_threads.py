from __future__ import annotations

import numpy as np
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

from crosslingual.threads import one_thread


def counts() -> set[int]:
    found = ThreadpoolController().select(user_api="blas").info()
    return {one["num_threads"] for one in found if "numpy" in one["filepath"]}


def test_matrices_are_multiplied_in_one_thread_until_the_last_has_ended() -> None:
    assert np.eye(2).trace() == 2  # its library is loaded
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        before = counts()
        first, second = one_thread(), one_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert counts() == {1}
        second.__exit__(None, None, None)
        assert counts() == before == {2}
