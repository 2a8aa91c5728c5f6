"""``crosslingual code``: passages coded with a codebook of the user's own, alone or with colleagues."""

from __future__ import annotations

import click

from crosslingual.cli.code.codebook import (
    add_code,
    edit_code,
    export_coding,
    import_codebook,
    list_codes,
    remove_code,
)
from crosslingual.cli.code.queue import (
    apply_code,
    list_offers,
    offer_units,
    show_progress,
    withdraw_code,
    withdraw_offer,
)
from crosslingual.cli.code.results import (
    decide_unit,
    list_codings,
    list_disagreements,
    show_agreement,
    show_counts,
)
from crosslingual.cli.groups import CommandGroup


@click.group("code", cls=CommandGroup, default_command="codebook")
def code_group() -> None:
    """Code passages with a codebook of your own.

    Make codes with add, put passages into the queues of coders with offer, code them with apply or on the Coding page.
    CODE is a code's name, its path (Blame/Government) or its id.

    Example: crosslingual code add Blame --definition "Someone is said to be at fault"
    """


for _command in (
    list_codes,
    add_code,
    edit_code,
    remove_code,
    offer_units,
    list_offers,
    withdraw_offer,
    show_progress,
    apply_code,
    withdraw_code,
    list_codings,
    show_agreement,
    list_disagreements,
    decide_unit,
    show_counts,
    export_coding,
    import_codebook,
):
    code_group.add_command(_command)
