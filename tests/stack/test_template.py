from typing import Any, Final

import pytest

from deployment.names import check_name
from deployment.template_file import read_template
from tests.stack.conftest import TEMPLATE, Resources

pytestmark = pytest.mark.slow


REGION: Final = "ap-southeast-1"
"""No region's name is longer, of those of 2026."""


def test_a_stacks_name_has_forty_characters_in_every_region() -> None:
    """Of what is named after both, CloudFront takes 64."""
    check_name("x" * 40, REGION, read_template())


def test_everything_is_described(documents: dict[str, dict[str, Any]]) -> None:
    template = documents["template"]
    for name, described in {**template["Parameters"], **template["Outputs"]}.items():
        assert described.get("Description"), name


def test_every_resource_says_why_it_exists(written: Resources) -> None:
    lines = TEMPLATE.read_text().splitlines()
    for name in written:
        assert lines[lines.index(f"  {name}:") - 1].startswith("  # "), name
