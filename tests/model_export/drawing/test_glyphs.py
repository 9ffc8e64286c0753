"""Glyphs are printed whole, by fonts that have them, and none is a digit or Greek."""

import unicodedata

import numpy as np
import pytest

from model_export.drawing.glyphs import (
    KINDS,
    MAX_SIDE,
    MIN_CONTRAST,
    MIN_SIDE,
    list_fonts,
    print_text,
    render_glyph,
)

CHARACTERS = [character for characters, _ in KINDS.values() for character in characters]


def test_the_shares_are_of_one() -> None:
    assert sum(share for _, share in KINDS.values()) == pytest.approx(1)


def test_every_character_is_in_some_font() -> None:
    assert [character for character in CHARACTERS if not list_fonts(character)] == []


def test_no_character_is_listed_twice() -> None:
    assert len(set(CHARACTERS)) == len(CHARACTERS)


def test_no_character_is_a_number_or_holds_one() -> None:
    for character in CHARACTERS:
        assert unicodedata.category(character)[0] != "N"
        assert not any(part.isdigit() for part in unicodedata.normalize("NFKD", character))


def test_no_character_is_greek() -> None:
    for character in CHARACTERS:
        for part in unicodedata.normalize("NFKD", character):
            assert not unicodedata.name(part).startswith(("GREEK", "COPTIC"))


def test_no_character_is_a_letter_that_passes_for_a_digit() -> None:
    for character in CHARACTERS:
        base = unicodedata.normalize("NFKD", character)[0]
        assert base not in "BDGIJOQSYZbgloqsyz|/"


def test_tex_fonts_print_letters_alone() -> None:
    assert "cmr10" in list_fonts("A")
    assert "cmr10" not in list_fonts("<")
    assert "cmr10" not in list_fonts("é")


def test_a_glyph_is_a_square_grey_picture_with_ink_in_it() -> None:
    generator = np.random.default_rng(3)
    for _ in range(200):
        picture = render_glyph(generator)
        height, width = picture.shape
        assert picture.dtype == np.uint8
        assert height == width
        assert MIN_SIDE <= height <= MAX_SIDE
        assert np.ptp(picture) > MIN_CONTRAST / 2


def test_no_glyph_is_cut_off() -> None:
    generator = np.random.default_rng(4)
    for _ in range(100):
        picture = print_text("W", "DejaVuSerif-Bold", generator).astype(int)
        paper = np.median(picture)
        ink = np.abs(picture - paper)
        rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
        assert rim.max() < 0.5 * ink.max()


def test_both_polarities_come_up() -> None:
    generator = np.random.default_rng(5)
    dark = [np.median(render_glyph(generator)) < 128 for _ in range(200)]
    assert 0.1 < np.mean(dark) < 0.5


def test_the_same_seed_prints_the_same() -> None:
    one, other = (render_glyph(np.random.default_rng(6)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
