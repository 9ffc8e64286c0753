"""The distribution, played: a plugin, for the tests of the contract and those in a browser."""

import os
from collections.abc import Iterator

import pytest

from deployment.page import list_page_files
from tests.contract.gateway import STAGE
from tests.contract.transports import Transport, start_function
from tests.edge.distribution import Distribution, read_distribution
from tests.edge.server import Edge
from tests.serving import serve_application
from tests.stack.conftest import TEMPLATE, expand


@pytest.fixture(scope="session")
def distribution(stack_environment: dict[str, str]) -> Distribution:
    """As the template has it, once SAM has expanded it, with its parameters' defaults."""
    return read_distribution(expand(TEMPLATE, stack_environment)["expanded"])


def make_edge(distribution: Distribution, function: Transport) -> Edge:
    """The distribution before the page's files, as they are deployed, and before the function."""
    return Edge(distribution, list_page_files(), function, STAGE)


@pytest.fixture(scope="session")
def edge_origin(
    distribution: Distribution, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where it answers, before a function that keeps nothing. Without a slash at its end."""
    log = tmp_path_factory.mktemp("edge") / "log"
    with (
        start_function(dict(os.environ), log) as function,
        serve_application(make_edge(distribution, function)) as origin,
    ):
        yield origin
