"""The same cases on every transport: each answers as the contract says, and as the others do."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest

from tests.contract.cases import CASES
from tests.contract.expectations import Case, Step, check, is_without_store, run
from tests.contract.messages import Answer, forget_the_moment
from tests.contract.reporting import Report
from tests.contract.transports import Transport

_PATIENCE: Final = 5

SERVER: Final = "server"
TRANSPORTS: Final = [
    pytest.param(SERVER),
    pytest.param("function"),
    pytest.param("container", marks=[pytest.mark.docker, pytest.mark.slow]),
]


@pytest.fixture(scope="session", params=TRANSPORTS)
def transport_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def transport(transport_name: str, request: pytest.FixtureRequest) -> Transport:
    found: Transport = request.getfixturevalue(transport_name)
    return found


@pytest.fixture(scope="session")
def answer_of_the_server(server: Transport) -> Callable[[Case], list[dict[str, Any]]]:
    """What the first transport answers to a case, each of which it's asked once."""
    return cache(lambda case: compare(run_patiently(case, server), server))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_transport_keeps_the_contract(
    case: Case,
    transport: Transport,
    transport_name: str,
    answer_of_the_server: Callable[[Case], list[dict[str, Any]]],
    report: Report,
) -> None:
    exchanges = run_patiently(case, transport)
    report.note(case.name, transport_name, " ".join(str(answer.status) for _, answer in exchanges))
    for step, answer in exchanges:
        check(step, answer)
    assert compare(exchanges, transport) == answer_of_the_server(case)


def run_patiently(case: Case, transport: Transport) -> list[tuple[Step, Answer]]:
    """A case's exchanges, with its stores at work.

    No answer waits for a store for a second. On a busy machine that may be too short for one that
    is well, and then it's as much by the contract that nothing is kept, or found.
    """
    for _ in range(_PATIENCE):
        exchanges = run(case, transport)
        if not any(is_without_store(*exchange) for exchange in exchanges):
            break
    return exchanges


def compare(exchanges: list[tuple[Step, Answer]], transport: Transport) -> list[dict[str, Any]]:
    return [forget_the_moment(answer, transport.root) for _, answer in exchanges]


def test_each_case_has_a_name_of_its_own() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)
