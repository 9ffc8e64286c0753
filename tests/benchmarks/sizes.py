"""What a package weighs: zipped as `sam deploy` does it, and as it lies in /var/task."""

import os
import tempfile
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import figures
from tests.benchmarks.comparators import PLAIN, Built
from tests.benchmarks.samples import Series

MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes."""

    zipped: int
    unpacked: int


def weigh_packages(built: Built) -> list[Series]:
    """Megabytes of each function's package, and of plain's."""
    folders = {
        figures.API: built.package,
        figures.PREDICTOR: built.predictor,
        "rehearsal": built.rehearsal,
        PLAIN: built.plain,
    }
    series = []
    for name, folder in folders.items():
        if not folder.exists():  # nobody asked for plain
            continue
        weight = sum_up(weigh_parts(folder))
        series.append(Series(figures.ZIPPED, name, (weight.zipped / MEGABYTE,)))
        series.append(Series(figures.UNPACKED, name, (weight.unpacked / MEGABYTE,)))
    return series


def weigh_parts(folder: Path) -> dict[str, Weight]:
    """What each file or folder at a package's root weighs, the heaviest first; with the zip's own
    list of files, `zip`.

    sam's archive is Python's own, deflated at its default level (samcli.lib.package.utils).
    """
    zipped: dict[str, int] = defaultdict(int)
    unpacked: dict[str, int] = defaultdict(int)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder))
        for entry in archive.infolist():
            part = entry.filename.partition("/")[0]
            zipped[part] += entry.compress_size
            unpacked[part] += entry.file_size
        zipped["zip"] = file.seek(0, os.SEEK_END) - sum(zipped.values())
    ordered = sorted(zipped, key=lambda part: -zipped[part])
    return {part: Weight(zipped[part], unpacked.get(part, 0)) for part in ordered}


def sum_up(parts: dict[str, Weight]) -> Weight:
    return Weight(
        sum(each.zipped for each in parts.values()), sum(each.unpacked for each in parts.values())
    )


def draw_parts(parts: dict[str, Weight], count: int = 12) -> str:
    """Markdown: the heaviest parts of a package."""
    names = list(parts)
    rest = sum_up({name: parts[name] for name in names[count:]})
    rows = [*((name, parts[name]) for name in names[:count]), ("the rest", rest)]
    lines = ["| in the API's package, MB | zipped | unpacked |", "| --- | ---: | ---: |"]
    lines += [
        f"| {name} | {weight.zipped / MEGABYTE:.2f} | {weight.unpacked / MEGABYTE:.2f} |"
        for name, weight in rows
    ]
    return "\n".join(lines)
