"""How busy the machine is that answers: its memory and its processor, as shares from 0 to 1.

Psutil is imported when someone asks: it takes longer than a whole recognition, and few ask.
"""

from collections.abc import Callable
from typing import Final

MIN_SECONDS: Final = 0.1
"""Of processor time between two figures. The system counts in hundredths: of fewer, one is much."""


def read_memory() -> float:
    """The share of memory that is in use. Raises whatever a system does that can't tell."""
    import psutil  # noqa: PLC0415

    return float(psutil.virtual_memory().percent) / 100


def read_processor_times() -> tuple[float, float]:
    """Seconds that all processors were busy, and all seconds, since the machine's start. Raises as
    `read_memory`."""
    import psutil  # noqa: PLC0415

    times = psutil.cpu_times()._asdict()
    # Linux counts a guest's time as its host's too.
    total = sum(times.values()) - times.get("guest", 0.0) - times.get("guest_nice", 0.0)
    return total - times["idle"] - times.get("iowait", 0.0), total


class ProcessorMeter:
    """The share of time that the processors were busy since it was last read, without waiting.

    The first time it's since the machine's start.
    """

    def __init__(
        self, read_times: Callable[[], tuple[float, float]] = read_processor_times
    ) -> None:
        self._read_times = read_times
        self._last = (0.0, 0.0)
        self._share = 0.0

    def read(self) -> float:
        """Raises as `read_memory`."""
        busy, total = self._read_times()
        seconds = total - self._last[1]
        if seconds >= MIN_SECONDS:
            self._share = (busy - self._last[0]) / seconds
            self._last = (busy, total)
        return self._share
