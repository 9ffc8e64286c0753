"""Tables for the terminal, 100 columns wide at most."""

from collections.abc import Sequence
from typing import Final

from model_export.report.evaluation import ANSWERED, REFUSED, Evaluation, is_digit, is_right
from model_export.report.figures import Figure, format_share, format_value

_WIDTH: Final = 100


def format_table(figures: Sequence[Figure]) -> str:
    """The figures, a row each: value, marks, verdict, and what there is to say below."""
    names = max(len(figure.name) for figure in figures)
    lines = [f"{'':{names}}  {'measured':>9}  {'must':>9}  {'reach':>9}  verdict"]
    for figure in figures:
        value, must, reach = (
            format_value(number, figure.unit)
            for number in (figure.value, figure.must, figure.reach)
        )
        lines.append(f"{figure.name:{names}}  {value:>9}  {must:>9}  {reach:>9}  {figure.verdict}")
        if figure.detail:
            lines.append(_shorten(f"  {figure.detail}"))
    return "\n".join(lines)


def format_sets(evaluation: Evaluation) -> str:
    """Every set, a row each: how many, how many read right, and how many of each outcome."""
    names = max((len(reading.samples.name) for reading in evaluation.readings), default=0)
    lines = [
        f"{'':{names}}  {'samples':>7}  {'right':>9}  {'sure':>9}  {'unsure':>9}  {'refused':>9}"
    ]
    for reading in evaluation.readings:
        digits = is_digit(reading)
        right = format_share(float(is_right(reading).mean())) if digits.any() else "–"
        sure, unsure = (format_share(reading.share(outcome)) for outcome in ANSWERED)
        lines.append(
            f"{reading.samples.name:{names}}  {len(reading.samples):7,}  {right:>9}  {sure:>9}"
            f"  {unsure:>9}  {format_share(reading.share(*REFUSED)):>9}"
        )
    return "\n".join(_shorten(line) for line in lines)


def _shorten(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
