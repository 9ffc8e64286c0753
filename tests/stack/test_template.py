from typing import Any

import pytest

from tests.stack.conftest import TEMPLATE, Resources

pytestmark = pytest.mark.slow


def test_everything_is_described(documents: dict[str, dict[str, Any]]) -> None:
    template = documents["template"]
    for name, described in {**template["Parameters"], **template["Outputs"]}.items():
        assert described.get("Description"), name


def test_every_resource_says_why_it_exists(written: Resources) -> None:
    lines = TEMPLATE.read_text().splitlines()
    for name in written:
        assert lines[lines.index(f"  {name}:") - 1].startswith("  # "), name
