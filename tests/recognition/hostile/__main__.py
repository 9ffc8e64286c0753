"""`python -m tests.recognition.hostile` prints what each hostile file ends in, and what it costs.

The folder that INKLING_BAD_IMAGES names comes first, if it does; arguments are parts of names.
"""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.recognition.costs import measure_cost
from tests.recognition.hostile import FILES


def list_files() -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each."""
    if folder := os.environ.get("INKLING_BAD_IMAGES"):
        with (Path(folder) / "manifest.tsv").open(newline="") as manifest:
            for row in csv.DictReader(manifest, delimiter="\t"):
                if is_wanted(row["path"]):
                    yield row["path"], (Path(folder) / row["path"]).read_bytes()
    for file in FILES:
        if is_wanted(file.name):
            yield file.name, file.build()


def is_wanted(name: str) -> bool:
    return not sys.argv[1:] or any(part in name for part in sys.argv[1:])


def main() -> None:
    print(f"{'file':66} {'KiB':>5} {'outcome':18} {'s':>5} {'MiB':>4}")
    for name, image in list_files():
        cost = measure_cost(image)
        print(
            f"{name:66} {len(image) / 1024:5.0f} {cost.outcome:18} "
            f"{cost.seconds:5.2f} {cost.mebibytes:4.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
