"""One cloud for all of these tests, each with a stack of its own, and a desk before it."""

from collections.abc import Iterator

import pytest

from tests.deployment.desk import Desk, make_desk
from tests.stack.cloud import Cloud, start_cloud


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def desk(cloud: Cloud) -> Desk:
    return make_desk(cloud)


@pytest.fixture
def stack(request: pytest.FixtureRequest) -> str:
    """A stack's name of the test's own."""
    name: str = request.node.name
    return "".join(letter if letter.isalnum() else "-" for letter in name)[:60].strip("-")
