"""The committed icons are what the pen draws, and each shows the mark whole."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model_export.icons import ICONS, draw_icon, write_icons

PAGE = Path(__file__).parents[2] / "frontend"
WHITE = 250


def read_pixels(path: Path) -> NDArray[np.int64]:
    """int64 (side, side, 4): RGBA."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA")).astype(int)


def test_the_committed_icons_are_what_the_pen_draws(tmp_path: Path) -> None:
    files = write_icons(tmp_path)
    assert sorted(file.name for file in (PAGE / "icons").iterdir()) == sorted(ICONS)
    for file in files:
        drawn, committed = read_pixels(file), read_pixels(PAGE / "icons" / file.name)
        # Pillow's palettes may differ from release to release, and the picture not by much.
        assert np.abs(drawn - committed).max() <= 16


def test_icons_are_small_files() -> None:
    assert sum(path.stat().st_size for path in (PAGE / "icons").iterdir()) < 10_000


def test_the_mark_is_within_what_a_system_leaves_of_a_maskable_icon() -> None:
    """A circle of 0.8 of its side."""
    pixels = np.asarray(draw_icon(512, fills=True))
    assert (pixels[:, :, 3] == 255).all()
    y, x = np.nonzero(pixels[:, :, :3].min(axis=2) > WHITE)
    assert np.hypot(x - 255.5, y - 255.5).max() <= 0.4 * 512


def test_other_icons_have_round_corners() -> None:
    alpha = np.asarray(draw_icon(192, fills=False))[:, :, 3]
    assert alpha[0, 0] == alpha[-1, -1] == 0
    assert alpha[0, 96] == alpha[96, 0] == alpha[96, 96] == 255


@pytest.mark.parametrize("purpose", ["any", "maskable"])
def test_manifest_names_an_icon_for_each_purpose(purpose: str) -> None:
    manifest = json.loads((PAGE / "manifest.webmanifest").read_text())
    named = [icon for icon in manifest["icons"] if icon.get("purpose", "any") == purpose]
    sizes = {"any": {"any", "192x192", "512x512"}, "maskable": {"512x512"}}
    assert {icon["sizes"] for icon in named} == sizes[purpose]
    for icon in named:
        path = PAGE / icon["src"]
        if path.suffix == ".png":
            height, width, _ = read_pixels(path).shape
            assert icon["sizes"] == f"{width}x{height}"


def test_every_address_of_the_manifest_is_relative() -> None:
    """A leading slash would leave out the stage that API Gateway may put before it."""
    manifest = json.loads((PAGE / "manifest.webmanifest").read_text())
    addresses = [manifest["start_url"], manifest["scope"], *(i["src"] for i in manifest["icons"])]
    assert [a for a in addresses if a.startswith("/") or "//" in a] == []
