import json

import pytest

from tests.benchmarks import figures
from tests.benchmarks.comparators import BARE, FLOOR, INKLING, KERAS, PLAIN
from tests.benchmarks.report import draw_table, judge, make_report, write
from tests.benchmarks.samples import Series

MEASURED = (
    Series(figures.API_SPAWN, BARE, (10.0, 12.0)),
    Series(figures.API_SPAWN, FLOOR, (100.0, 110.0, 90.0)),
    Series(figures.API_SPAWN, INKLING, (200.0, 220.0, 180.0)),
    Series(figures.API_SPAWN, PLAIN, (400.0, 400.0)),
    Series(figures.ONE_CORE, INKLING, (900.0,)),
    Series(figures.ONE_CORE, KERAS, (10.0,)),
    Series(figures.ZIPPED, figures.API, (15.0,)),
    Series(figures.ZIPPED, PLAIN, (60.0,)),
)


def find_row(program: str, section: str) -> list[str]:
    table = draw_table(MEASURED)
    rows = table[table.index(f"**{section}**") :].splitlines()[1:]
    (row,) = [row for row in rows if row.startswith(f"| {program} ")][:1]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_a_row_has_median_quartiles_and_inklings_ratio_to_it() -> None:
    assert find_row(FLOOR, figures.API_SPAWN)[:4] == [FLOOR, "100", "95.0–105", "2.00×"]
    assert find_row(INKLING, figures.API_SPAWN)[:4] == [INKLING, "200", "190–210", ""]
    assert find_row(BARE, figures.API_SPAWN)[3] == ""


def test_a_figure_stands_beside_what_it_must_be_and_may_reach() -> None:
    assert find_row(FLOOR, figures.API_SPAWN)[4] == "must be ≤ 2.50: met; 1.50: not yet"
    assert find_row(PLAIN, figures.API_SPAWN)[4] == "must be ≤ 0.4: MISSED; 0.25: not yet"
    assert find_row(KERAS, figures.ONE_CORE)[4] == "must be ≥ 30.0: met; 80.0: reached"


def test_a_package_is_compared_with_the_plain_one() -> None:
    assert find_row(figures.API, figures.ZIPPED)[4] == "must be ≤ 24.0: met; 14.0: not yet"
    assert find_row(PLAIN, figures.ZIPPED)[3] == "0.25×"


def test_sections_come_in_their_order_and_those_without_samples_not_at_all() -> None:
    table = draw_table(MEASURED[::-1])
    places = [table.find(f"**{name}**") for name in figures.SECTIONS]
    found = [place for place in places if place >= 0]
    assert len(found) == 3
    assert found == sorted(found)


def test_what_has_nothing_to_reach_for_says_no_more() -> None:
    (verdict,) = judge([Series(figures.BENCH, figures.ALL, (11.0,))])
    assert (verdict.words, verdict.reached) == ("must be ≤ 10.0: MISSED", None)


def test_no_verdict_without_both_sides() -> None:
    assert judge([Series(figures.API_SPAWN, INKLING, (200.0,))]) == []
    assert judge([Series(figures.API_SPAWN, PLAIN, (200.0,))]) == []


def test_every_bound_is_on_a_section_that_there_is() -> None:
    assert figures.BOUNDS.keys() <= figures.SECTIONS.keys()
    for bounds in figures.BOUNDS.values():
        for bound in bounds:
            if bound.reach is not None:
                assert bound.holds(bound.reach, bound.must), "the reach is beyond the must"


def test_json_has_every_sample_and_every_verdict() -> None:
    report = json.loads(json.dumps(make_report(MEASURED, {"machine": "this one"})))
    assert report["machine"] == "this one"
    assert report["series"][1] == {
        "section": figures.API_SPAWN,
        "program": FLOOR,
        "unit": "ms",
        "median": 100,
        "quartiles": [95, 105],
        "samples": [100, 110, 90],
    }
    assert {(each["section"], each["against"], each["met"]) for each in report["figures"]} == {
        (figures.API_SPAWN, FLOOR, True),
        (figures.API_SPAWN, PLAIN, False),
        (figures.ONE_CORE, KERAS, True),
        (figures.ZIPPED, None, True),
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234.5, "1,234"), (99.96, "100.0"), (12.34, "12.3"), (1.234, "1.23"), (0.01234, "0.0123")],
)
def test_numbers_have_three_figures(value: float, written: str) -> None:
    assert write(value) == written
