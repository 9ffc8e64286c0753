"""Many small pictures in one."""

import io

import numpy as np
from PIL import Image

from model_export.report.sprites import COLUMNS, FINENESS, pack_seen, pack_sent


def open_grey(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"))


def test_what_the_model_saw_is_kept_in_sixteen_levels() -> None:
    pixels = np.random.default_rng(1).uniform(0, 1, (COLUMNS + 1, 28, 28)).astype(np.float32)
    sprite = open_grey(pack_seen(pixels))
    assert sprite.shape == (2 * 28, COLUMNS * 28)
    last = sprite[28:, :28].astype(np.float32) / 255
    assert np.abs(last - pixels[-1]).max() <= 0.5 / 15 + 0.005
    assert sprite[28:, 28:].max() == 0


def test_what_was_sent_is_scaled_down_as_told() -> None:
    pictures = np.full((3, 64, 64), 200, np.uint8)
    for detail in FINENESS:
        sprite = open_grey(pack_sent(pictures, detail))
        assert sprite.shape == (detail.side, COLUMNS * detail.side)
        assert abs(int(sprite[5, 5]) - 200) < 8


def test_a_coarser_detail_takes_less() -> None:
    pictures = np.random.default_rng(2).integers(0, 256, (80, 64, 64)).astype(np.uint8)
    sizes = [len(pack_sent(pictures, detail)) for detail in FINENESS]
    assert sizes == sorted(sizes, reverse=True)
