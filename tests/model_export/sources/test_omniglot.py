"""Omniglot's characters are read as they were drawn, and those like digits can be left out."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from model_export.errors import DataError
from model_export.sources.omniglot import (
    LOOK_ALIKES,
    OMNIGLOT_FOLDER,
    Omniglot,
    read_omniglot,
    screen_look_alikes,
)

HOOK = "START\n10,-20,0\n30,-20,40\n30,-60,90\nBREAK\n20,-40,300\n30,-40,350\nBREAK\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(folder / "strokes.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"strokes_background_small1/{name}", text)
    return folder


def test_strokes_stand_upright_in_their_own_box(tmp_path: Path) -> None:
    (strokes,) = read_omniglot(write(tmp_path, {"Greek/character16/0409_03.txt": HOOK})).strokes
    assert [stroke.tolist() for stroke in strokes] == [
        [[0, 0], [0.5, 0], [0.5, 1]],
        [[0.25, 0.5], [0.5, 0.5]],
    ]


def test_alphabet_character_and_drawer_are_the_names(tmp_path: Path) -> None:
    names = ["Greek/character16/0409_03.txt", "Early_Aramaic/character02/0331_20.txt"]
    omniglot = read_omniglot(write(tmp_path, dict.fromkeys(names, HOOK)))
    assert omniglot.alphabets.tolist() == ["Early_Aramaic", "Greek"]
    assert omniglot.characters.tolist() == [2, 16]
    assert omniglot.drawers.tolist() == [20, 3]


def test_look_alikes_are_left_out(tmp_path: Path) -> None:
    names = [
        "Greek/character15/0408_01.txt",
        "Greek/character16/0409_01.txt",
        "Latin/character15/0_01.txt",
    ]
    screened = screen_look_alikes(read_omniglot(write(tmp_path, dict.fromkeys(names, HOOK))))
    assert list(zip(screened.alphabets, screened.characters, strict=True)) == [
        ("Greek", 16),
        ("Latin", 15),
    ]
    assert len(screened.strokes) == len(screened) == 2


def test_every_look_alike_names_its_digit() -> None:
    digits = {digit for characters in LOOK_ALIKES.values() for digit in characters.values()}
    assert digits <= set("0123456789")


def test_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"strokes.zip is not in"):
        read_omniglot(tmp_path)


def test_archive_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "strokes.zip").write_bytes(b"characters")
    with pytest.raises(DataError, match="no zip archive"):
        read_omniglot(tmp_path)


def test_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"Greek/character16/0409_03.txt": HOOK}) / "strokes.zip"
    path.write_bytes(path.read_bytes().replace(b"30,-60,90", b"30,-61,90"))
    with pytest.raises(DataError, match="damaged"):
        read_omniglot(tmp_path)


def test_archive_without_drawings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no drawings"):
        read_omniglot(write(tmp_path, {"README.txt": "Characters."}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "START\nBREAK\n",
        HOOK.removeprefix("START\n"),
        HOOK.removesuffix("BREAK\n"),
        HOOK.replace("30,-20,40", "30,-20"),
        HOOK.replace("30,-20,40", "30,up,40"),
    ],
)
def test_drawing_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match=r"0409_03.txt in strokes.zip can't be understood"):
        read_omniglot(write(tmp_path, {"Greek/character16/0409_03.txt": text}))


@pytest.fixture(scope="module")
def published() -> Omniglot:
    data = os.environ.get("INKLING_DATA")
    if data is None or not (Path(data) / OMNIGLOT_FOLDER).is_dir():
        pytest.skip("INKLING_DATA names no folder of Omniglot")
    return read_omniglot(Path(data) / OMNIGLOT_FOLDER)


def test_published_characters_are_all_there(published: Omniglot) -> None:
    assert len(published) == 1400
    counts = {
        str(alphabet): len(np.unique(published.characters[published.alphabets == alphabet]))
        for alphabet in np.unique(published.alphabets)
    }
    assert counts == {"Balinese": 24, "Early_Aramaic": 22, "Greek": 24}
    assert set(published.drawers) == set(range(1, 21))


def test_published_look_alikes_are_found(published: Omniglot) -> None:
    known = sum(len(characters) for characters in LOOK_ALIKES.values())
    assert len(screen_look_alikes(published)) == 1400 - 20 * known


def test_published_pi_stands_on_its_legs(published: Omniglot) -> None:
    pi = published.select((published.alphabets == "Greek") & (published.characters == 16))
    below = [np.concatenate(strokes)[:, 1].mean() for strokes in pi.strokes]
    assert np.mean(below) < 0.5
