"""What is measured, and what is asked of it: the sections of the table, and the bounds on them."""

from dataclasses import dataclass
from typing import Final

from tests.benchmarks.comparators import FLOOR, KERAS, PLAIN

API_SPAWN: Final = "API cold, by spawn"
API_EMULATOR: Final = "API cold, under the emulator"
API_READY: Final = "API cold, by spawn, until it's imported"
PREDICTOR_READY: Final = "predictor cold, by spawn, until it's imported"
PREDICTOR_SPAWN: Final = "predictor cold, by spawn"
PREDICTOR_EMULATOR: Final = "predictor cold, under the emulator"
API_PROCESSOR: Final = "API cold, processor time"
PREDICTOR_PROCESSOR: Final = "predictor cold, processor time"
WARM_GREY: Final = "warm, grey PNG by multipart"
WARM_CANVAS: Final = "warm, RGBA PNG data URL in JSON"
WARM_PHOTO: Final = "warm, 2-megapixel JPEG by multipart"
STAGES_GREY: Final = "stages, grey PNG by multipart"
STAGES_CANVAS: Final = "stages, RGBA PNG data URL in JSON"
STAGES_PHOTO: Final = "stages, 2-megapixel JPEG by multipart"
ONE_CORE: Final = "local server on one core"
TWO_CORES: Final = "local server on two cores"
BATCHES: Final = "classifier, by images in a batch"
ZIPPED: Final = "package zipped"
UNPACKED: Final = "package unpacked"
API_MEMORY: Final = "peak memory after 100 requests"
PREDICTOR_MEMORY: Final = "peak memory after 100 images"
BENCH: Final = "the bench itself, builds included"

SECTIONS: Final = {
    API_SPAWN: "ms",
    API_READY: "ms",
    API_PROCESSOR: "ms",
    API_EMULATOR: "ms",
    PREDICTOR_SPAWN: "ms",
    PREDICTOR_READY: "ms",
    PREDICTOR_PROCESSOR: "ms",
    PREDICTOR_EMULATOR: "ms",
    WARM_GREY: "ms",
    WARM_CANVAS: "ms",
    WARM_PHOTO: "ms",
    STAGES_GREY: "ms",
    STAGES_CANVAS: "ms",
    STAGES_PHOTO: "ms",
    ONE_CORE: "requests/s",
    TWO_CORES: "requests/s",
    BATCHES: "images/s",
    ZIPPED: "MB",
    UNPACKED: "MB",
    API_MEMORY: "MB",
    PREDICTOR_MEMORY: "MB",
    BENCH: "min",
}
"""Each section to the unit of its samples, in the order of the table. A MB is 10⁶ bytes."""

API: Final = "API"
PREDICTOR: Final = "predictor"
"""How sizes name Inkling's packages."""

ALL: Final = "all of it"
"""What the bench's own time is the time of."""

OWN: Final = {ZIPPED: API, UNPACKED: API}
"""What stands for Inkling where it isn't called so."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must be, and what it's to reach for: at most, unless it is `at_least`."""

    must: float
    reach: float | None
    against: str | None = None
    """The program that it's a multiple of; None for a figure by itself, in the section's unit."""
    at_least: bool = False
    program: str | None = None
    """The one that it's of, where it isn't Inkling."""

    def holds(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit


_COLD_API: Final = (
    Bound(0.40, 0.25, against=PLAIN),
    Bound(2.5, 1.5, against=FLOOR),
)
_COLD_PREDICTOR: Final = (Bound(1.3, 1.1, against=FLOOR),)

BOUNDS: Final[dict[str, tuple[Bound, ...]]] = {
    API_SPAWN: _COLD_API,
    API_EMULATOR: _COLD_API,
    PREDICTOR_SPAWN: _COLD_PREDICTOR,
    PREDICTOR_EMULATOR: _COLD_PREDICTOR,
    WARM_GREY: (
        Bound(1 / 50, 1 / 150, against=KERAS),
        Bound(2.5, 1.5, against=FLOOR),
    ),
    ONE_CORE: (Bound(30, 80, against=KERAS, at_least=True),),
    ZIPPED: (Bound(24, 14, program=API), Bound(18, 10, program=PREDICTOR)),
    API_MEMORY: (Bound(150, 100),),
    BENCH: (Bound(10, None, program=ALL),),
}
