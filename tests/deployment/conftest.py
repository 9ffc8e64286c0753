"""One cloud for all of these tests, each with a stack of its own, and a desk before it."""

from collections.abc import Iterator
from zlib import crc32

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
    """A stack's name of the test's own, of 39 characters at most, as the template has it."""
    name: str = request.node.name
    shown = "".join(letter if letter.isalnum() else "-" for letter in name)[:30]
    return f"{shown}-{crc32(name.encode()):08x}"
