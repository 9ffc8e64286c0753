"""The table, and the same as JSON with every sample."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.comparators import FLOOR, INKLING, KERAS, PLAIN
from tests.benchmarks.figures import BOUNDS, OWN, SECTIONS, Bound
from tests.benchmarks.samples import Series


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside what's asked of it."""

    section: str
    bound: Bound
    value: float

    @property
    def met(self) -> bool:
        return self.bound.holds(self.value, self.bound.must)

    @property
    def reached(self) -> bool | None:
        """None where there is nothing to reach for."""
        reach = self.bound.reach
        return None if reach is None else self.bound.holds(self.value, reach)

    @property
    def words(self) -> str:
        sign = "≥" if self.bound.at_least else "≤"
        must = f"must be {sign} {write(self.bound.must)}: {'met' if self.met else 'MISSED'}"
        if self.bound.reach is None:
            return must
        return f"{must}; {write(self.bound.reach)}: {'reached' if self.reached else 'not yet'}"


def judge(measured: Sequence[Series]) -> list[Verdict]:
    """The verdicts on all bounds of which both sides were measured."""
    medians = {(each.section, each.program): each.median for each in measured}
    verdicts = []
    for section, bounds in BOUNDS.items():
        for bound in bounds:
            value = medians.get((section, bound.program or INKLING))
            if value is not None and bound.against is not None:
                other = medians.get((section, bound.against))
                value = None if other is None else value / other
            if value is not None:
                verdicts.append(Verdict(section, bound, value))
    return verdicts


def draw_table(measured: Sequence[Series]) -> str:
    """Markdown: each section's programs with medians, quartiles, and Inkling's ratio to each."""
    rows = list(_list_rows(measured, judge(measured)))
    header = ("", "median", "quartiles", "Inkling's ratio", "")
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = [_join(header, widths), _join([":" + "-" * (w - 1) for w in widths], widths)]
    return "\n".join([*lines, *(_join(row, widths) for row in rows)])


def _list_rows(measured: Sequence[Series], verdicts: Sequence[Verdict]) -> Iterator[list[str]]:
    for section, unit in SECTIONS.items():
        found = [each for each in measured if each.section == section]
        if not found:
            continue
        yield [f"**{section}**, {unit}", "", "", "", ""]
        own = OWN.get(section, INKLING)
        ours = next((each.median for each in found if each.program == own), None)
        for each in found:
            compares = each.program in (PLAIN, FLOOR, KERAS)
            ratio = f"{write(ours / each.median)}×" if compares and ours is not None else ""
            words = [
                verdict.words
                for verdict in verdicts
                if verdict.section == section
                and each.program == (verdict.bound.against or verdict.bound.program or INKLING)
            ]
            low, high = each.quartiles
            spread = f"{write(low)}–{write(high)}" if len(each.samples) > 1 else ""
            yield [each.program, write(each.median), spread, ratio, "; ".join(words)]


def _join(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"


def write(value: float) -> str:
    """Three figures, more where there are more before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3g}"


def make_report(measured: Sequence[Series], facts: dict[str, Any]) -> dict[str, Any]:
    """Everything, for JSON.

    Args:
        facts: of the machine and the run.
    """
    return {
        **facts,
        "series": [
            {
                "section": each.section,
                "program": each.program,
                "unit": SECTIONS[each.section],
                "median": each.median,
                "quartiles": each.quartiles,
                "samples": each.samples,
            }
            for each in measured
        ],
        "figures": [
            {
                "section": verdict.section,
                "program": verdict.bound.program or INKLING,
                "against": verdict.bound.against,
                "value": verdict.value,
                "must": verdict.bound.must,
                "reach_for": verdict.bound.reach,
                "at_least": verdict.bound.at_least,
                "met": verdict.met,
                "reached": verdict.reached,
            }
            for verdict in judge(measured)
        ],
    }
