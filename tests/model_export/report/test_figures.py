"""The figures against their marks."""

import pytest

from model_export.readings import Family
from model_export.report.figures import (
    Figure,
    Unit,
    Verdict,
    format_share,
    format_value,
    list_figures,
)
from tests.model_export.report.readings import CARD, make_evaluation, make_readings


def figures_of(**changes: object) -> dict[str, Figure]:
    return {figure.name: figure for figure in list_figures(make_evaluation(**changes))}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (None, Verdict.NOT_MEASURED),
        (0.89, Verdict.MISSED),
        (float("nan"), Verdict.MISSED),
        (0.9, Verdict.MET),
        (0.98, Verdict.REACHED),
    ],
)
def test_verdict_is_by_the_marks(value: float | None, verdict: Verdict) -> None:
    assert Figure("share", value, 0.9, 0.98).verdict is verdict


def test_less_is_better_where_a_figure_says_so() -> None:
    assert Figure("error", 0.02, 0.01, at_most=True).verdict is Verdict.MISSED
    assert Figure("error", 0.01, 0.01, 0.003, at_most=True).verdict is Verdict.MET
    assert Figure("error", 0.003, 0.01, 0.003, at_most=True).verdict is Verdict.REACHED


def test_every_figure_of_a_whole_evaluation_is_measured() -> None:
    figures = figures_of()
    assert len(figures) == 10
    assert all(figure.value is not None for figure in figures.values())
    assert figures["MNIST test, single model"].value == pytest.approx(0.999)
    assert figures["Mean over the seeds"].value == pytest.approx(0.9971)
    assert figures["Blank sheets refused"].verdict is Verdict.REACHED
    assert figures["File size"].verdict is Verdict.REACHED


def test_pens_are_as_good_as_their_worst_rendering() -> None:
    figure = figures_of()["Pen drawings, unseen writers"]
    assert figure.value == pytest.approx(0.96)
    assert figure.verdict is Verdict.MISSED
    assert "worst of 2: marker & more" in figure.detail


def test_rejection_is_that_of_the_alphabet_that_nobody_trained_on() -> None:
    readings = (
        *make_evaluation().readings,
        make_readings("hard letters", Family.STRANGERS, wrong=9),
    )
    figure = figures_of(readings=readings)["Non-digits rejected"]
    assert figure.value == pytest.approx(0.98)
    assert "50 Greek letters" in figure.detail


def test_what_there_is_no_data_for_is_not_measured() -> None:
    card = {key: value for key, value in CARD.items() if key != "seeds"}
    figures = figures_of(readings=(), agreement=None, microseconds=None, card=card)
    measured = [name for name, figure in figures.items() if figure.value is not None]
    assert measured == ["File size"]


def test_two_seeds_make_no_mean() -> None:
    figure = figures_of(card=CARD | {"seeds": CARD["seeds"][:2]})["Mean over the seeds"]
    assert figure.verdict is Verdict.NOT_MEASURED
    assert figure.detail == "2 of 3 seeds"


def test_shares_are_never_rounded_to_all_or_nothing() -> None:
    assert format_share(0.99996) == "99.99 %"
    assert format_share(1.0) == "100.00 %"
    assert format_share(0.00001) == "0.01 %"
    assert format_share(0.0) == "0.00 %"
    assert format_share(0.9951) == "99.51 %"


def test_values_are_told_in_their_unit() -> None:
    assert format_value(136_768, Unit.BYTES) == "137 KB"
    assert format_value(57.3, Unit.MICROSECONDS) == "57 µs"
    assert format_value(None, Unit.SHARE) == "–"
