"""What a corpus's file gives back is what was kept, of the same origin, or nothing."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source, read_corpus, write_corpus

ORIGIN = {"recipe": {"seed": 1, "pens": 3}, "code": "0a"}


@pytest.fixture
def corpus() -> Corpus:
    generator = np.random.default_rng(1)
    return Corpus(
        generator.integers(0, 256, (6, 28, 28), np.uint8),
        np.array([3, 1, 4, 1, NO_DIGIT_CLASS, NO_DIGIT_CLASS], np.uint8),
        np.array([0, 0, 1, 3, 4, 4], np.uint8),
    )


def test_corpus_comes_back_as_it_was_kept(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "corpora" / "training.npz"
    write_corpus(path, corpus, ORIGIN)
    kept = read_corpus(path, {"code": "0a", "recipe": {"pens": 3, "seed": 1}})
    assert kept is not None
    for field in dataclasses.fields(Corpus):
        written, read = getattr(corpus, field.name), getattr(kept, field.name)
        np.testing.assert_array_equal(read, written)
        assert read.dtype == written.dtype
    assert [file.name for file in path.parent.iterdir()] == ["training.npz"]


def test_corpus_of_another_origin_is_none(corpus: Corpus, tmp_path: Path) -> None:
    write_corpus(tmp_path / "training.npz", corpus, ORIGIN)
    assert read_corpus(tmp_path / "training.npz", {**ORIGIN, "code": "0b"}) is None


def test_absent_corpus_is_none(tmp_path: Path) -> None:
    assert read_corpus(tmp_path / "training.npz", ORIGIN) is None


@pytest.mark.parametrize("kept", [0, 3, 200, -200, -1])
def test_truncated_corpus_is_none(corpus: Corpus, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "training.npz"
    write_corpus(path, corpus, ORIGIN)
    path.write_bytes(path.read_bytes()[:kept])
    assert read_corpus(path, ORIGIN) is None


def test_damaged_pixel_is_noticed(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "training.npz"
    write_corpus(path, corpus, ORIGIN)
    content = bytearray(path.read_bytes())
    content[content.index(corpus.pixels[2].tobytes())] ^= 1
    path.write_bytes(content)
    assert read_corpus(path, ORIGIN) is None


def test_damage_that_looks_like_a_password_is_noticed(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "training.npz"
    write_corpus(path, corpus, ORIGIN)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flags of the directory's first entry
    path.write_bytes(content)
    assert read_corpus(path, ORIGIN) is None


@pytest.mark.parametrize("array", ["labels", "origin"])
def test_archive_without_an_array_is_none(corpus: Corpus, tmp_path: Path, array: str) -> None:
    path = tmp_path / "training.npz"
    write_corpus(path, corpus, ORIGIN)
    with np.load(path) as kept:
        np.savez(path.with_name("less.npz"), **{name: kept[name] for name in kept if name != array})
    assert read_corpus(path.with_name("less.npz"), ORIGIN) is None


def test_sources_are_chosen_with_their_labels(corpus: Corpus) -> None:
    chosen = corpus.of(Source.SENT, Source.PAPER)
    assert len(chosen) == 2
    assert chosen.labels.tolist() == [4, 1]
    assert chosen.sources.tolist() == [Source.SENT, Source.PAPER]
    np.testing.assert_array_equal(chosen.pixels, corpus.pixels[2:4])
