"""The HTTP interface against its own description: schemathesis makes the requests.

``make test`` tries a sample; ``make test-api`` two thousand.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.helpers.http_server import HttpServer

CASES = int(os.environ.get("CROSSLINGUAL_API_CASES", "60"))
"""Requests in all."""
NOTHING_TO_VARY = "GET /v1"
SLOW = ("/comparison", "/framing", "/report")
"""Ends of paths whose answers take long to make: what they are asked for is there already, or is not there."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def use_what_is_there(case: Any, event: str, article: str, number: int) -> None:
    """Have two of three requests be about what the library has, and none about the web outside."""
    if number and isinstance(case.path_parameters, dict):
        case.path_parameters |= {"event": event} if "event" in case.path_parameters else {}
        case.path_parameters |= {"article": article} if "article" in case.path_parameters else {}
    if case.path.endswith(SLOW) and isinstance(case.query, dict):
        case.query.pop("threshold", None)
    if case.path == "/v1/articles" and isinstance(case.body, dict) and "urls" in case.body:
        case.body["urls"] = ["http://127.0.0.1:9/page", "http://localhost:9/page"][:number]


def make_cases(operation: APIOperation[Any, Any, Any, Any]) -> st.SearchStrategy[Any]:
    """Requests that the description allows, and as many that it forbids."""
    allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if operation.label == NOTHING_TO_VARY:
        return allowed
    return st.one_of(allowed, operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))


@pytest.mark.model
def test_answers_are_as_the_description_says(fresh_server: HttpServer) -> None:
    first = fresh_server.ask("/v1/events").json["items"][-1]
    event, article = first["id"], first["articles"][0]
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{fresh_server.port}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    asked: dict[str, int] = {}
    for operation in operations:

        @settings(
            max_examples=-(-CASES // (len(operations) - 1)),  # one has nothing to vary
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=make_cases(operation), number=st.integers(0, 2))
        def ask(case: Any, number: int) -> None:
            use_what_is_there(case, event, article, number)
            response = case.call(timeout=600)
            case.validate_response(response, checks=CHECKS)
            asked[case.operation.label] = asked.get(case.operation.label, 0) + 1

        ask()
    assert len(asked) == len(operations)
    assert sum(asked.values()) >= CASES
