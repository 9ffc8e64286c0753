"""The report's tables: figures, sets, who is taken for whom, faults, and how it was made."""

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from model_export.metrics import confusion_matrix, wilson_interval
from model_export.readings import Family, Readings
from model_export.report.charts import DIGIT_FAMILIES, FAMILY_NAMES, choose_floor
from model_export.report.evaluation import (
    REFUSED,
    Evaluation,
    is_digit,
    is_refused,
    is_right,
)
from model_export.report.figures import Figure, Verdict, format_share, format_value
from model_export.report.markup import element, escape, rows_of, table
from model_export.report.plot import draw_interval
from recognition.classifier import DIGITS
from recognition.result import Outcome

_STRENGTH: Final = re.compile(r"(?P<fault>.+), (?P<strength>\d+) of \d+")
_MARKS: Final = {Family.MNIST: 0.997, Family.PENS: 0.988, Family.PAPER: 0.975}
_VERDICT_CLASSES: Final = {
    Verdict.REACHED: "reached",
    Verdict.MET: "met",
    Verdict.MISSED: "missed",
    Verdict.NOT_MEASURED: "unknown",
}


def tabulate_figures(figures: Sequence[Figure]) -> str:
    head = ["What", "Measured", "Must", "Reach for", "Verdict"]
    bodies = (_describe_figure(figure, len(head)) for figure in figures)
    return table(head, *bodies, title="The figures and their marks", class_="figures")


def _describe_figure(figure: Figure, columns: int) -> str:
    value, must, reach = (
        format_value(number, figure.unit) for number in (figure.value, figure.must, figure.reach)
    )
    sign = "≤ " if figure.at_most else ""
    cells = (
        element("strong", escape(value)),
        sign + escape(must),
        escape(reach) if figure.reach is None else sign + escape(reach),
        element("span", figure.verdict, class_=f"pill {_VERDICT_CLASSES[figure.verdict]}"),
    )
    name = element("th", escape(figure.name), scope="row")
    row = element("tr", name, *(element("td", cell) for cell in cells))
    if figure.detail:
        # A row of its own, so that it has the whole width of a phone.
        row += element("tr", element("td", escape(figure.detail), colspan=columns), class_="detail")
    return element("tbody", row)


def tabulate_digits(evaluation: Evaluation) -> str:
    """Each set of digits that is no corruption: its accuracy, with the interval drawn."""
    sets = evaluation.of(*DIGIT_FAMILIES)
    if not sets:
        return ""
    floor = choose_floor(min(_interval(reading)[0] for reading in sets))
    bodies = [
        rows_of(
            [_describe_digits(reading, floor) for reading in evaluation.of(family)],
            title=FAMILY_NAMES[family],
        )
        for family in DIGIT_FAMILIES
        if evaluation.of(family)
    ]
    head = ["Set", "Digits", "Right", f"{floor * 100:g} to 100 %", "Unsure", "Refused"]
    title = "Digits read right, with the 95 % interval; the upright line is the mark"
    return table(head, *bodies, title=title, class_="sets")


def _describe_digits(reading: Readings, floor: float) -> list[str]:
    share = float(is_right(reading).mean())
    low, high = _interval(reading)
    said = f"{format_share(share)}, 95 % interval {format_share(low)} to {format_share(high)}"
    mark = _MARKS[reading.samples.family]
    return [
        escape(reading.samples.name),
        f"{len(reading.samples):,}",
        element("strong", format_share(share)),
        draw_interval(share, low, high, floor=floor, mark=mark, title=said),
        format_share(reading.share(Outcome.UNCERTAIN)),
        format_share(reading.share(*REFUSED)),
    ]


def _interval(reading: Readings) -> tuple[float, float]:
    return wilson_interval(int(is_right(reading).sum()), len(reading.samples))


def tabulate_others(evaluation: Evaluation) -> str:
    """Each set without digits: how much of it is refused, and what the rest is called."""
    families = (Family.STRANGERS, Family.BLANKS)
    bodies = [
        rows_of(
            [
                [
                    escape(reading.samples.name),
                    f"{len(reading.samples):,}",
                    element("strong", format_share(reading.share(*REFUSED))),
                    format_share(reading.share(Outcome.BLANK)),
                    format_share(reading.share(Outcome.UNCERTAIN)),
                    format_share(reading.share(Outcome.DIGIT)),
                ]
                for reading in evaluation.of(family)
            ],
            title=FAMILY_NAMES[family],
        )
        for family in families
        if evaluation.of(family)
    ]
    if not bodies:
        return ""
    head = ["Set", "Samples", "Refused", "As blank", "Unsure", "Digit"]
    title = "What is no digit, by the card's thresholds"
    return table(head, *bodies, title=title, class_="sets")


def tabulate_confusion(evaluation: Evaluation) -> list[str]:
    """A matrix for each family of digits, its sets taken together."""
    return [
        _tabulate_one_confusion(FAMILY_NAMES[family], sets)
        for family in DIGIT_FAMILIES
        if (sets := evaluation.of(family))
    ]


def _tabulate_one_confusion(name: str, sets: list[Readings]) -> str:
    matrix = np.zeros((DIGITS, DIGITS + 1), np.int64)
    for reading in sets:
        # One more column, for what got no answer.
        answers = np.where(is_refused(reading), DIGITS, reading.answers)
        digits = is_digit(reading)
        counts = confusion_matrix(answers[digits], reading.samples.labels[digits], DIGITS + 1)
        matrix += counts[:DIGITS]
    off_diagonal = matrix.copy()
    np.fill_diagonal(off_diagonal, 0)
    most = max(1, int(off_diagonal.max()))
    rows = []
    for digit in range(DIGITS):
        cells = [str(digit)]
        for column, count in enumerate(matrix[digit].tolist()):
            if column == digit:
                cells.append(element("span", str(count), class_="same"))
            else:
                # By its root: one error must show where another cell has fifty.
                heat = (count / most) ** 0.5
                cells.append(_draw_heat(str(count) if count else "", heat))
        rows.append(cells)
    head = ["", *map(str, range(DIGITS)), element("abbr", "∅", title="refused or blank")]
    title = f"{name}: {int(matrix.sum()):,} digits. Rows are what was written, columns what is read"
    return table(head, rows_of(rows), title=title, class_="matrix")


def tabulate_faults(evaluation: Evaluation) -> str:
    """Accuracy on each fault at each strength."""
    faults: dict[str, dict[int, Readings]] = {}
    for reading in evaluation.of(Family.CORRUPTIONS):
        named = _STRENGTH.fullmatch(reading.samples.name)
        fault, strength = (
            (named["fault"], int(named["strength"])) if named else (reading.samples.name, 1)
        )
        faults.setdefault(fault, {})[strength] = reading
    if not faults:
        return ""
    strengths = range(1, max(max(by_strength) for by_strength in faults.values()) + 1)
    rows = []
    for fault, by_strength in faults.items():
        cells = [escape(fault)]
        for strength in strengths:
            if strength not in by_strength:
                cells.append("–")
                continue
            share = float(is_right(by_strength[strength]).mean())
            # Half of them wrong is as hot as it gets.
            cells.append(_draw_heat(format_share(share, 1), min(1.0, (2 * (1 - share)) ** 0.5)))
        rows.append(cells)
    head = ["Fault", *map(str, strengths)]
    return table(
        head,
        rows_of(rows),
        title="Digits read right under one fault, from its least strength to its greatest",
        class_="matrix heat",
    )


def tabulate_making(evaluation: Evaluation) -> list[str]:
    """What the card says of seeds, ablation and quantization, where it does."""
    card = evaluation.card
    tables = []
    if seeds := card.get("seeds"):
        rows = [
            [
                f"{seed['seed']}, kept" if seed.get("chosen") else str(seed["seed"]),
                _share(seed.get("mnist_accuracy")),
                _share(seed.get("validation_mean")),
            ]
            for seed in seeds
        ]
        title = "The same training from each seed"
        head = ["Seed", "MNIST test", "Validation, mean of sources"]
        tables.append(table(head, rows_of(rows), title=title))
    if ablation := card.get("ablation"):
        columns = ("mnist", "pens", "paper", "strangers")
        rows = [
            [escape(str(row["name"])), *(_share(row.get(column)) for column in columns)]
            for row in ablation
        ]
        head = ["Trained", "MNIST", "Pens", "Paper", "Rejected"]
        tables.append(table(head, rows_of(rows), title="What each part is worth"))
    if quantization := card.get("quantization"):
        rows = [
            [
                escape(str(row["name"]) + (", kept" if row.get("chosen") else "")),
                _share(row.get("accuracy")),
                _share(row.get("agreement")),
                f"{row['bytes']:,}" if row.get("bytes") else "–",
            ]
            for row in quantization
        ]
        head = ["Way", "Accuracy", "Agrees", "Bytes"]
        tables.append(
            table(
                head, rows_of(rows), title="Ways to eight bits, and how far they agree with float"
            )
        )
    return tables


def _share(value: Any) -> str:
    return "–" if value is None else format_share(float(value))


def _draw_heat(text: str, heat: float) -> str:
    return element("span", text, style=f"--heat:{heat:.2f}" if heat else None)
