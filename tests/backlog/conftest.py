"""A cloud for each module, and the machine in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backlog.setting import Setting, open_setting
from tests.stack.cloud import Cloud, start_cloud


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def setting(cloud: Cloud, tmp_path: Path) -> Iterator[Setting]:
    with open_setting(cloud, tmp_path) as setting:
        yield setting
