"""`Traffic`: what a request uses, measured or assumed; the file says which, and why."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TRAFFIC: Final = Path(__file__).with_name("traffic.toml")


@dataclass(frozen=True, slots=True)
class Traffic:
    """Sizes in bytes, shares of requests, times in what their names say."""

    record_bytes: float
    image_bytes: float
    answer_bytes: float
    line_bytes: float
    page_bytes: float
    page_files: float
    kept_share: float
    revisited_share: float
    requests_per_visit: float
    dropped_share: float
    dropped_bytes: float
    dropped_batch: float
    milliseconds_asked: float
    milliseconds_kept: float
    milliseconds_dropped: float
    init_milliseconds: float
    restore_milliseconds: float
    arm64_slowness: float
    platform_bytes: float
    log_compression: float
    snapshot_versions: float
    idle_seconds: float
    life_seconds: float
    busiest_hour: float
    polls: float
    traced_share: float
    backlog_images: float

    @property
    def milliseconds(self) -> float:
        """Of the mean request, warm."""
        return self.milliseconds_asked + self.kept_share * self.milliseconds_kept


def read_traffic(path: Path = TRAFFIC) -> Traffic:
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Traffic(**parts["measured"], **parts["assumed"])
