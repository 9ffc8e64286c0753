"""Holds the tests that aren't marked slow to being quick: `make quick` runs all of them."""

from collections.abc import Generator
from time import process_time
from typing import Final

import pytest

QUICK_SECONDS: Final = 5
"""Of the processor, which a busy machine makes longer too, but hardly more than twice. The slowest
take one."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    began = process_time()
    yield
    seconds = process_time() - began
    if seconds > QUICK_SECONDS and item.get_closest_marker("slow") is None:
        pytest.fail(f"It takes {seconds:.1f} s of the processor, and is not marked slow.")
