"""`Plot`: axes and marks in inline SVG, coloured by the page's own style."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from model_export.report.markup import element, escape

WIDTH: Final = 360
"""A phone's column, where a unit is a pixel and the text as large as the page's small print."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 10, 24, 38
_NINES: Final = 4.5

Tick = tuple[float, str]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high`, evenly spaced after `bend`."""

    label: str
    ticks: Sequence[Tick]
    low: float = 0.0
    high: float = 1.0
    bend: Callable[[float], float] = float

    def place(self, value: float) -> float:
        """Where a value lies, 0 at the low end to 1 at the high end, never beyond."""
        low, high = self.bend(self.low), self.bend(self.high)
        share = (self.bend(min(max(value, self.low), self.high)) - low) / (high - low)
        return min(max(share, 0.0), 1.0)


def percent_axis(label: str, low: float = 0.0) -> Axis:
    """Shares from `low` to 1, with five ticks."""
    shares = [low + (1 - low) * step / 5 for step in range(6)]
    return Axis(label, [(share, f"{share * 100:.4g} %") for share in shares], low)


def nines_axis(label: str) -> Axis:
    """Shares up to 99.99 %, where each further nine takes as much room."""
    ticks = [
        (0.0, "0"),
        (0.9, "90 %"),
        (0.99, "99 %"),
        (0.999, "99.9 %"),
        (0.9999, "99.99 %"),
    ]
    return Axis(label, ticks, 0.0, 1 - 10**-_NINES, lambda share: -math.log10(1 - share))


def log_axis(label: str, low: float) -> Axis:
    """Shares from `low`, a power of ten, to 1, each tenfold as much room."""
    decades = range(round(math.log10(low)), 1)
    ticks = [(10.0**decade, f"{10.0 ** (decade + 2):g} %") for decade in decades]
    return Axis(label, ticks, low, 1.0, math.log10)


@dataclass(frozen=True, slots=True)
class Plot:
    """A frame with two axes; each `draw` returns markup to be given to `finish`."""

    x: Axis
    y: Axis
    height: int = 240

    def point(self, x: float, y: float) -> Point:
        width, height = WIDTH - _LEFT - _RIGHT, self.height - _TOP - _BOTTOM
        return _LEFT + width * self.x.place(x), _TOP + height * (1 - self.y.place(y))

    def draw_line(self, points: Iterable[Point], style: str) -> str:
        placed = " ".join("{:.1f},{:.1f}".format(*self.point(x, y)) for x, y in points)
        return element("polyline", points=placed, class_=f"line {style}")

    def draw_bar(self, left: float, right: float, value: float, style: str) -> str:
        """From the bottom up to `value`."""
        x, top = self.point(left, value)
        end, bottom = self.point(right, self.y.low)
        width, height = max(end - x - 1, 0.5), bottom - top
        return element("rect", x=x, y=top, width=width, height=height, class_=f"bar {style}")

    def draw_dot(self, x: float, y: float, style: str, radius: float = 4.0) -> str:
        center = self.point(x, y)
        return element("circle", cx=center[0], cy=center[1], r=radius, class_=f"dot {style}")

    def draw_mark(self, x: float, label: str) -> str:
        """A dashed line upright at `x`, named at its foot."""
        at, top = self.point(x, self.y.high)
        bottom = self.point(x, self.y.low)[1]
        left_of = self.x.place(x) > 0.6
        return element("line", x1=at, x2=at, y1=top, y2=bottom, class_="mark") + element(
            "text",
            escape(label),
            x=at - 4 if left_of else at + 4,
            y=bottom - 6,
            text_anchor="end" if left_of else "start",
            class_="mark-name",
        )

    def finish(self, *marks: str, title: str) -> str:
        """The whole picture; `title` is what it says to those who can't see it."""
        return element(
            "svg",
            self._draw_frame(),
            *marks,
            viewBox=f"0 0 {WIDTH} {self.height}",
            role="img",
            aria_label=title,
            class_="plot",
        )

    def _draw_frame(self) -> str:
        left, bottom = self.point(self.x.low, self.y.low)
        right = self.point(self.x.high, self.y.low)[0]
        parts = []
        for value, label in self.y.ticks:
            at = self.point(self.x.low, value)[1]
            parts.append(element("line", x1=left, x2=right, y1=at, y2=at, class_="grid"))
            parts.append(element("text", label, x=left - 5, y=at + 3.5, text_anchor="end"))
        for value, label in self.x.ticks:
            at = self.point(value, self.y.low)[0]
            # The outermost must not be cut off by the picture's edge.
            anchor = "end" if at > right - 4 else "middle"
            parts.append(element("line", x1=at, x2=at, y1=bottom, y2=bottom + 4, class_="tick"))
            parts.append(element("text", label, x=at, y=bottom + 15, text_anchor=anchor))
        parts.append(element("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="tick"))
        middle = (left + right) / 2
        parts.append(
            element(
                "text",
                escape(self.x.label),
                x=middle,
                y=self.height - 6,
                text_anchor="middle",
                class_="label",
            )
        )
        if self.y.label:
            parts.append(element("text", escape(self.y.label), x=4, y=10, class_="label"))
        return "".join(parts)


def draw_interval(
    share: float, low: float, high: float, *, floor: float, mark: float | None, title: str
) -> str:
    """A share with its interval between `floor` and 1, as wide as a table's cell."""
    width, middle = 160.0, 8.0

    def at(value: float) -> float:
        return 4 + (width - 8) * (max(value, floor) - floor) / (1 - floor)

    parts = [element("line", x1=4, x2=width - 4, y1=middle, y2=middle, class_="grid")]
    if mark is not None and mark >= floor:
        parts.append(element("line", x1=at(mark), x2=at(mark), y1=1, y2=15, class_="mark"))
    parts += [
        element("line", x1=at(low), x2=at(high), y1=middle, y2=middle, class_="line first wide"),
        element("circle", cx=at(share), cy=middle, r=4, class_="dot first"),
    ]
    return element(
        "svg", *parts, viewBox=f"0 0 {width:.0f} 16", role="img", aria_label=title, class_="spark"
    )
