"""A file's name is said back without anything that it could do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.file_names import MAX_CHARACTERS, clean_file_name


@pytest.mark.parametrize(
    "name",
    [
        "7.png",
        "my seven (2).jpeg",
        "sept-7_b.PNG",
        "семь.png",
        "七.png",
        "sieben für Ömer.png",
        "7",
    ],
)
def test_an_honest_name_stays(name: str) -> None:
    assert clean_file_name(name) == name


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ("", ""),
        (".", ""),
        ("..", ""),
        (" . . ", ""),
        ("/", ""),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\fakepath\\7.png", "7.png"),
        ("/.ssh/id", "id"),
        (".bashrc", "bashrc"),
        ("7.png\r\nSet-Cookie: a=b", "7.png__Set-Cookie_ a_b"),
        ("7.png\x00.exe", "7.png_.exe"),
        ("\x1b[31mred.png", "__31mred.png"),
        ("\u202egnp.exe", "_gnp.exe"),
        ("a\u2028b\u200b.png", "a_b_.png"),
        ("<b>7</b>.png", "b_.png"),
        ("'; DROP TABLE x;--.png", "__ DROP TABLE x_--.png"),
        ("${jndi:ldap:x}", "__jndi_ldap_x_"),
        ("\ud800.png", "_.png"),
        (unicodedata.normalize("NFD", "für.png"), "für.png"),
        ("x" * 500 + ".png", "x" * 96 + ".png"),
        ("x" * 5 + "." * 500, "xxxxx"),
    ],
)
def test_a_name_that_is_more_than_a_name_is_cleaned(sent: str, cleaned: str) -> None:
    assert clean_file_name(sent) == cleaned


@given(st.text(st.characters(), max_size=300))
def test_nothing_is_left_that_any_reader_takes_for_more_than_a_name(sent: str) -> None:
    cleaned = clean_file_name(sent)
    assert len(cleaned) <= MAX_CHARACTERS
    assert not set(cleaned) & set("/\\<>&\"'`$:;|*?%=")
    assert all(unicodedata.category(character)[0] not in "CM" for character in cleaned)
    assert not cleaned.startswith(".")
    cleaned.encode()
    assert clean_file_name(cleaned) == cleaned
