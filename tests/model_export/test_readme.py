"""The README says what the card says, and the model card is the one that belongs to it."""

from pathlib import Path
from typing import Any

import pytest

from model_export.report.figures import Unit, format_value
from recognition.card import load_model

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MODEL_CARD = (ROOT / "MODEL_CARD.md").read_text(encoding="utf-8")
CARD = load_model()[1]
UNITS = {"File size": Unit.BYTES, "One inference, one thread": Unit.MICROSECONDS}


@pytest.mark.parametrize("figure", CARD.details["figures"], ids=lambda figure: figure["name"])
def test_every_figure_is_in_the_readme(figure: dict[str, Any]) -> None:
    unit = UNITS.get(figure["name"], Unit.SHARE)
    values = (format_value(figure[key], unit) for key in ("value", "must", "reach"))
    assert f"| {figure['name']} | {' | '.join(values)} |" in README


def test_the_readme_names_the_model_and_its_thresholds() -> None:
    assert f'"model": "{CARD.version}"' in README
    assert f"is over {CARD.not_a_digit_above:.1%}".replace("%", " %") in README
    assert f"{CARD.uncertain_below:.1%} confidence is".replace("%", " %") in README.replace(
        "\n", " "
    )


def test_the_model_card_is_of_this_model() -> None:
    assert f"`{CARD.version}`" in MODEL_CARD
    assert f"{CARD.details['bytes']:,} bytes" in MODEL_CARD
