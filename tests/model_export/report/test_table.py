"""The tables of the terminal."""

from model_export.report.figures import Figure, Unit, list_figures
from model_export.report.table import format_sets, format_table
from tests.model_export.report.readings import make_evaluation


def test_a_missed_mark_is_said() -> None:
    table = format_table([Figure("accuracy", 0.99, 0.997, 0.998, "10 digits")])
    header, row, detail = table.splitlines()
    assert header.split() == ["measured", "must", "reach", "verdict"]
    assert row.split() == ["accuracy", "99.00", "%", "99.70", "%", "99.80", "%", "missed"]
    assert detail.strip() == "10 digits"


def test_what_was_not_measured_has_a_dash() -> None:
    table = format_table([Figure("time", None, 250, unit=Unit.MICROSECONDS, at_most=True)])
    assert table.splitlines()[1].split() == ["time", "–", "250", "µs", "–", "not", "measured"]


def test_columns_stand_under_each_other_within_a_hundred() -> None:
    lines = format_table(list_figures(make_evaluation())).splitlines()
    assert max(map(len, lines)) <= 100
    verdicts = [line.index("99.80 %") for line in lines if "99.80 %" in line]
    ends = lines[0].index("reach") + len("reach")
    assert verdicts == [ends - len("99.80 %")]


def test_every_set_has_a_row() -> None:
    evaluation = make_evaluation()
    lines = format_sets(evaluation).splitlines()
    assert len(lines) == len(evaluation.readings) + 1
    assert max(map(len, lines)) <= 100
    alphabet = next(line for line in lines if line.startswith("Greek"))
    assert alphabet.split()[1:] == ["50", "–", "2.00", "%", "0.00", "%", "98.00", "%"]
