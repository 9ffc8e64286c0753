"""Every error, with what was sent and what the model saw."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.readings import NO_DIGIT, Family, Readings
from model_export.report.charts import FAMILY_NAMES
from model_export.report.evaluation import ANSWERED, is_error
from model_export.report.figures import format_share
from model_export.report.markup import element, escape
from model_export.report.sprites import COLUMNS, FINENESS, embed, pack_seen, pack_sent
from recognition.result import Outcome

PICTURE_BYTES: Final = 1_500_000
"""What the pictures of what was sent may weigh; a page of 3 MB still opens at once on a phone."""
_OUTCOME_NAMES: Final = {
    Outcome.DIGIT: "",
    Outcome.UNCERTAIN: "unsure",
    Outcome.NOT_A_DIGIT: "refused",
    Outcome.BLANK: "blank",
}


@dataclass(frozen=True, slots=True)
class Gallery:
    markup: str
    style: str
    """CSS with the pictures."""
    count: int


@dataclass(frozen=True, slots=True)
class _Errors:
    """The errors of one set, the surest first."""

    readings: Readings
    indices: NDArray[np.int64]
    id: str


def build_gallery(readings: tuple[Readings, ...]) -> Gallery:
    """Lay out the errors of all sets, grouped by set.

    What was sent is kept as finely as `PICTURE_BYTES` allow.
    """
    sets: list[_Errors] = []
    for reading in readings:
        indices = np.flatnonzero(is_error(reading))
        if len(indices):
            surest = np.argsort(-reading.confidence[indices], kind="stable")
            sets.append(_Errors(reading, indices[surest], f"errors-{len(sets) + 1}"))
    style = "".join(
        _describe_sprites(errors, sent) for errors, sent in zip(sets, _pack_all(sets), strict=True)
    )
    markup = "".join(_lay_out(errors) for errors in sets)
    return Gallery(markup, style, sum(len(errors.indices) for errors in sets))


def _pack_all(sets: list[_Errors]) -> list[bytes]:
    packed: list[bytes] = []
    for detail in FINENESS:
        packed = [
            pack_sent(errors.readings.samples.thumbnails[errors.indices], detail) for errors in sets
        ]
        if sum(map(len, packed)) <= PICTURE_BYTES:
            break
    return packed


def _describe_sprites(errors: _Errors, sent: bytes) -> str:
    seen = pack_seen(errors.readings.samples.pixels[errors.indices])
    return (
        f"#{errors.id} .sent{{background-image:url({embed(sent)})}}\n"
        f"#{errors.id} .seen{{background-image:url({embed(seen)})}}\n"
    )


def _lay_out(errors: _Errors) -> str:
    samples = errors.readings.samples
    items = (_show_error(errors.readings, index, i) for i, index in enumerate(errors.indices))
    count = len(errors.indices)
    summary = element(
        "summary",
        element("b", escape(samples.name)),
        element("span", f"{count:,} of {len(samples):,}, {format_share(count / len(samples))}"),
    )
    is_open = samples.family is not Family.CORRUPTIONS
    return element(
        "details",
        summary,
        element("ol", *items, class_="errors"),
        id=errors.id,
        open=is_open,
        title=FAMILY_NAMES[samples.family],
    )


def _show_error(readings: Readings, index: np.int64, place: int) -> str:
    label, answer = int(readings.samples.labels[index]), int(readings.answers[index])
    confidence = format_share(float(readings.confidence[index]), 1)
    outcome = readings.outcomes[index]
    wanted = "no digit" if label == NO_DIGIT else str(label)
    # A digit that is refused was given no answer: the score's first choice stands in brackets.
    read = str(answer) if outcome in ANSWERED else f"({answer})"
    if outcome is Outcome.BLANK:
        read, confidence = "–", ""
    doubt = _OUTCOME_NAMES[outcome]
    told = f"Sent: {wanted}. Read: {read}, {outcome.replace('_', ' ')}, {confidence}"
    position = f"--x:{place % COLUMNS};--y:{place // COLUMNS}"
    return element(
        "li",
        element(
            "span",
            element("i", class_="sent"),
            element("i", class_="seen"),
            role="img",
            aria_label=told,
            style=position,
        ),
        element("b", f"{'∅' if label == NO_DIGIT else label} → {read}"),
        f" {confidence}",
        element("em", doubt) if doubt else "",
    )
