"""The card says what was measured, and nothing that was not."""

import re

from model_export.model_card import write_model_card
from model_export.readings import Family
from tests.model_export.report.readings import CARD, make_evaluation, make_readings

SECTIONS = [
    "Intended use",
    "Out of scope",
    "What goes in, and what comes out",
    "Data and terms",
    "How it was trained",
    "Figures",
    "Set by set",
    "Confidence and thresholds",
    "Limits",
    "Ethical notes",
    "Versions",
]


def test_every_section_is_there_in_its_order() -> None:
    assert re.findall(r"^## (.+)$", write_model_card(make_evaluation()), re.MULTILINE) == SECTIONS


def test_figures_come_from_the_evaluation() -> None:
    text = write_model_card(make_evaluation())
    assert "| MNIST test, single model | 99.90 % | 99.70 % | 99.80 % | reached |" in text
    assert "| marker & more | 50 | 96.00 % | 0.00 % | 0.00 % |" in text
    worse = (make_readings("MNIST test", Family.MNIST, count=1000, wrong=40),)
    text = write_model_card(make_evaluation(readings=worse))
    assert "| MNIST test, single model | 96.00 % | 99.70 % | 99.80 % | missed |" in text
    assert "- MNIST test, single model: 96.00 % where 99.70 % must be." in text


def test_what_the_plan_says_of_shares_is_words() -> None:
    text = write_model_card(make_evaluation())
    assert "| shares | mnist 0.5, pens 0.25 |" in text
    assert "| per channel, kept | 99.71 % | 99.97 % | 136,768 |" in text


def test_the_seed_that_ships_is_named_and_called_the_best_only_where_it_is() -> None:
    text = write_model_card(make_evaluation())
    assert "| 1 | 99.73 % | 98.90 % |" in text
    assert "| 2, kept | 99.71 % | 98.91 % |" in text
    assert "The best on validation ships." in text
    seeds = [seed | {"chosen": seed["seed"] == 3} for seed in CARD["seeds"]]
    text = write_model_card(make_evaluation(card=CARD | {"seeds": seeds}))
    assert "| 3, kept | 99.69 % | 98.89 % |" in text
    assert "The best" not in text


def test_terms_of_all_data_are_named() -> None:
    text = write_model_card(make_evaluation())
    for terms in ("CC BY-SA 3.0", "BSD", "CC BY 4.0", "MIT", "LeCun", "Alpaydin", "Lake"):
        assert terms in text


def test_how_validation_was_divided_is_said_as_it_was() -> None:
    assert "divided by writer: no hand is in both" in write_model_card(make_evaluation())
    card = CARD | {"validation": {"split": "seed"}}
    text = write_model_card(make_evaluation(card=card))
    assert "divided by seed." in text
    assert "no hand" not in text


def test_thresholds_and_temperature_are_those_of_the_card() -> None:
    text = write_model_card(make_evaluation())
    assert "Under 60.00 % confidence" in text
    assert "divided by 1.25" in text
    assert "strangeness of 0.9," in text


def test_a_card_that_lacks_the_new_keys_can_be_written() -> None:
    bare = {key: CARD[key] for key in ("sha256", "bytes", "parameters")}
    text = write_model_card(make_evaluation(card=bare, readings=(), agreement=None))
    assert CARD["sha256"] in text
    assert "divided by" not in text
    assert "None" not in text
    assert "## How it was trained" not in text


def test_tables_have_as_many_cells_in_every_row() -> None:
    cells = None
    for line in write_model_card(make_evaluation()).splitlines():
        if not line.startswith("|"):
            cells = None
            continue
        cells = cells or line.count("|")
        assert line.count("|") == cells
