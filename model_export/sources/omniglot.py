"""Omniglot: characters of many alphabets, each drawn by 20 people (Lake et al. 2015).

Of its first small background set, whose three alphabets are Balinese, Early Aramaic and Greek. The
archive has a file for each drawing, `…/Greek/character04/0397_12.txt` by drawer 12, in lines:

    START
    18.954528,-43.534334,0      x to the right and y up, of 105×105 pixels below the axis; ms
    BREAK                       the pen leaves the tablet
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model_export.drawing.strokes import Stroke, fit_box
from model_export.errors import DataError

OMNIGLOT_FOLDER: Final = Path("omniglot")
"""Within a folder of data."""
STROKES_FILE: Final = "strokes.zip"

LOOK_ALIKES: Final[dict[str, dict[int, str]]] = {
    "Balinese": {5: "7", 14: "2"},
    "Early_Aramaic": {
        1: "4",
        2: "9",
        3: "1",
        4: "4",
        5: "3",
        6: "4",
        10: "2",
        11: "7",
        12: "6",
        14: "9",
        16: "0",
        17: "7",
        20: "4",
    },
    "Greek": {4: "8", 6: "3", 8: "0", 9: "1", 15: "0", 18: "6"},
}
"""Characters that a person who knows only digits would read as one, in some drawings at least: by
alphabet and number, with that digit. Chosen by eye, over all 20 drawings of each character."""

_NAME: Final = re.compile(
    r"(?P<alphabet>\w+)/character(?P<character>\d+)/\d+_(?P<drawer>\d+)\.txt$"
)
_UP_TO_DOWN: Final = np.array([1.0, -1.0])


@dataclass(frozen=True, slots=True)
class Omniglot:
    """Characters as strokes, and who drew them."""

    strokes: list[list[Stroke]]
    """Of each character, in its own box: the top left corner of its bounds is (0, 0), their longer
    side is 1, x to the right and y down."""
    alphabets: NDArray[np.str_]
    """str (n,), as the archive's folders have them: "Early_Aramaic"."""
    characters: NDArray[np.int32]
    """int32 (n,), from 1 in each alphabet."""
    drawers: NDArray[np.int32]
    """int32 (n,), 1 to 20; within an alphabet, a number is one person."""

    def __len__(self) -> int:
        return len(self.characters)

    def select(self, mask: NDArray[np.bool_]) -> "Omniglot":
        chosen = [strokes for strokes, wanted in zip(self.strokes, mask, strict=True) if wanted]
        return Omniglot(chosen, self.alphabets[mask], self.characters[mask], self.drawers[mask])


def read_omniglot(folder: Path) -> Omniglot:
    """Read every drawing of `strokes.zip`, in the order of their names.

    Raises:
        DataError: the archive is missing, damaged, or holds something else.
    """
    path = folder / STROKES_FILE
    if not path.is_file():
        raise DataError(f"{STROKES_FILE} is not in {folder}.")
    try:
        with zipfile.ZipFile(path) as archive:
            texts = {
                name: archive.read(name).decode("ascii")
                for name in sorted(archive.namelist())
                if _NAME.search(name)
            }
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise DataError(f"{STROKES_FILE} is damaged, or no zip archive.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{STROKES_FILE} holds something other than strokes.") from error
    if not texts:
        raise DataError(f"{STROKES_FILE} holds no drawings.")
    matches = [match for match in map(_NAME.search, texts) if match]
    return Omniglot(
        strokes=[_read_strokes(text, name) for name, text in texts.items()],
        alphabets=np.array([match["alphabet"] for match in matches]),
        characters=np.array([int(match["character"]) for match in matches], np.int32),
        drawers=np.array([int(match["drawer"]) for match in matches], np.int32),
    )


def screen_look_alikes(omniglot: Omniglot) -> Omniglot:
    """Leave out the characters that could be read as a digit."""
    pairs = zip(omniglot.alphabets, omniglot.characters, strict=True)
    alike = [int(character) in LOOK_ALIKES.get(alphabet, {}) for alphabet, character in pairs]
    return omniglot.select(~np.array(alike, bool))


def _read_strokes(text: str, name: str) -> list[Stroke]:
    lines = text.splitlines()
    try:
        if (lines[0], lines[-1]) != ("START", "BREAK"):
            raise ValueError("The drawing has no start, or no end.")
        strokes: list[list[tuple[float, float]]] = [[]]
        for line in lines[1:]:
            if line == "BREAK":
                strokes.append([])
            else:
                x, y, _ = line.split(",")
                strokes[-1].append((float(x), float(y)))
        return fit_box([np.array(points) * _UP_TO_DOWN for points in strokes if points])
    except (ValueError, IndexError) as error:
        raise DataError(f"{name} in {STROKES_FILE} can't be understood.") from error
