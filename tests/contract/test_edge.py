"""The same cases by way of the distribution: what is the API's is answered as without it."""

from collections.abc import Iterator
from typing import Any, Final

import httpx2
import pytest

from tests.contract.cases import CASES
from tests.contract.expectations import Case, check
from tests.contract.messages import Answer, forget_the_moment
from tests.contract.test_contract import run_patiently
from tests.contract.transports import Events, Http, Transport
from tests.edge.distribution import Distribution
from tests.edge.playing import make_edge
from tests.serving import serve_application

pytestmark = pytest.mark.slow

REFUSED_AT_THE_EDGE: Final = {"POST /": 403}
"""Cases that the edge answers otherwise: a file of the page is only read."""

ADDED: Final = {"strict-transport-security", "via"}
"""Headers that an answer has besides the API's."""


@pytest.fixture(scope="module")
def edge(distribution: Distribution, function: Events) -> Iterator[Transport]:
    with (
        serve_application(make_edge(distribution, function)) as origin,
        httpx2.Client(
            base_url=origin, timeout=60, headers={"Accept-Encoding": "identity"}
        ) as client,
    ):
        yield Http(client)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_contract_is_kept_behind_the_distribution(
    case: Case, edge: Transport, function: Events, distribution: Distribution
) -> None:
    exchanges = run_patiently(case, edge)
    if any(distribution.find(bare(step.request.path)).origin.is_bucket for step, _ in exchanges):
        expected = [REFUSED_AT_THE_EDGE.get(case.name, step.status) for step, _ in exchanges]
        assert [answer.status for _, answer in exchanges] == expected
        return
    for step, answer in exchanges:
        check(step, answer)
    without = run_patiently(case, function)
    assert [compare(answer, "") for _, answer in exchanges] == [
        compare(answer, function.root) for _, answer in without
    ]


def bare(path: str) -> str:
    return path.partition("?")[0]


def compare(answer: Answer, root: str) -> dict[str, Any]:
    compared = forget_the_moment(answer, root)
    compared["headers"] = {k: v for k, v in compared["headers"].items() if k not in ADDED}
    return compared
