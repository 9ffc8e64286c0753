"""The contract of every store of images."""

import pytest

from storage.errors import InvalidKey
from storage.ids import new_id
from storage.records import Images


def test_an_image_comes_back_as_it_was_kept(images: Images) -> None:
    images.put("one.png", b"\x00\xff first")
    assert images.get("one.png") == b"\x00\xff first"


def test_a_key_may_have_folders(images: Images) -> None:
    key = f"drawings/2026/{new_id()}.png"
    images.put(key, b"drawing")
    assert images.get(key) == b"drawing"


def test_an_unknown_key_has_no_image(images: Images) -> None:
    assert images.get("nothing.png") is None
    assert images.get("no/folder/either.png") is None


def test_an_image_put_again_replaces_the_first(images: Images) -> None:
    images.put("one.png", b"the first and longer one")
    images.put("one.png", b"second")
    assert images.get("one.png") == b"second"


def test_a_deleted_image_is_gone_and_the_others_stay(images: Images) -> None:
    images.put("one.png", b"1")
    images.put("two.png", b"2")
    images.delete("one.png")
    assert images.get("one.png") is None
    assert images.get("two.png") == b"2"


def test_deleting_what_is_not_there_is_no_error(images: Images) -> None:
    images.delete("nothing.png")
    images.delete("no/folder/either.png")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../secret.png",
        "a/../../secret.png",
        "a//b.png",
        "a/",
        "./a.png",
        ".hidden",
        ".unfinished/a",
        "a\\..\\b.png",
        "C:secret.png",
        "a\x00.png",
        "a.png\n",
        "é.png",
        "\ud800",
        "a" * 201,
    ],
)
def test_a_key_that_could_lead_elsewhere_is_refused(images: Images, key: str) -> None:
    with pytest.raises(InvalidKey):
        images.put(key, b"x")
    with pytest.raises(InvalidKey):
        images.get(key)
    with pytest.raises(InvalidKey):
        images.delete(key)
