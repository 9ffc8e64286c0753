"""`compose_corpus`: what a network trains on. MNIST as it is, and all else as people send it.

Every picture is made as a client would make it and goes through the preprocessing that serves. Each
item has a random generator of its own, so the corpus is the same however many processes share the
work.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model_export.corpus import NO_DIGIT_CLASS, Corpus, Source
from model_export.dataset import Digits
from model_export.drawing.allographs import draw_allograph
from model_export.drawing.blanks import draw_blank
from model_export.drawing.canvas import draw_on_canvas, random_canvas
from model_export.drawing.enlarging import send_digit
from model_export.drawing.glyphs import render_glyph
from model_export.drawing.letters import draw_letter
from model_export.drawing.paper import photograph
from model_export.drawing.scribbles import draw_scribble
from model_export.drawing.strangers import TURNABLE_DIGITS, cross_out, join_digits, turn_digit
from model_export.drawing.strokes import Stroke
from model_export.sources.omniglot import Omniglot
from model_export.sources.pendigits import PenDigits
from recognition.image import GreyImage
from recognition.preprocessing import FIELD_SIDE, NormalizedDigit, normalize_digit

LEAST_OVERLAP: Final = 0.3
"""Of a photographed digit with the same one clean: under it, the preprocessing took something else
for the digit, and the picture would teach a wrong label. A corpus leaves such pictures out; the
sets of evaluation keep them."""
_CHUNK: Final = 256


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of each source, in pictures; MNIST is whole."""

    seed: int
    sent: int
    pens: int
    paper: int
    strangers: int
    allographs: float = 0.0
    """Of pens and paper: the share that we draw ourselves, for the ways of writing a digit that few
    people's hands don't show. None where people are to be measured."""
    markers: float = 0.0
    """Of pens, paper and the strangers' strokes: the share with a thick pen, over its chance share.
    That is the pen that is hardest to read, and the rarest among all widths."""

    def scale(self, share: float) -> "Recipe":
        """As much less of everything."""
        return replace(
            self,
            sent=round(self.sent * share),
            pens=round(self.pens * share),
            paper=round(self.paper * share),
            strangers=round(self.strangers * share),
        )


TRAINING: Final = Recipe(
    seed=1, sent=40_000, pens=60_000, paper=52_000, strangers=56_000, allographs=0.2, markers=0.2
)
VALIDATION: Final = Recipe(seed=2, sent=2_000, pens=1_494, paper=1_494, strangers=2_000)
"""Twice each pen digit of the people who validate."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What one part of the people gave: training's, or validation's."""

    mnist: Digits
    pens: PenDigits | None
    characters: Omniglot | None


def compose_corpus(ingredients: Ingredients, recipe: Recipe, *, workers: int = 1) -> Corpus:
    """Make every item, in the order of `Source`. One that the preprocessing finds blank is left
    out."""
    counts = {
        Source.MNIST: len(ingredients.mnist),
        Source.SENT: recipe.sent,
        Source.PENS: recipe.pens if ingredients.pens else 0,
        Source.PAPER: recipe.paper if ingredients.pens else 0,
        Source.STRANGERS: recipe.strangers,
    }
    tasks = [
        (source, range(start, min(start + _CHUNK, count)))
        for source, count in counts.items()
        for start in range(0, count, _CHUNK)
    ]
    total = sum(counts.values())
    with tqdm(total=total, desc="composing", unit="picture") as bar:
        chunks = []
        for chunk in _work(tasks, _Kitchen(ingredients, recipe), workers):
            chunks.append(chunk)
            bar.update(min(_CHUNK, bar.total - bar.n))
    return Corpus(
        np.concatenate([chunk.pixels for chunk in chunks]),
        np.concatenate([chunk.labels for chunk in chunks]),
        np.concatenate([chunk.sources for chunk in chunks]),
    )


def draw_pictures(
    ingredients: Ingredients, source: Source, places: Iterable[int], seed: int
) -> list[tuple[GreyImage, int]]:
    """Pictures as they are sent, before any preprocessing, with their labels."""
    kitchen = _Kitchen(ingredients, replace(VALIDATION, seed=seed))
    return [kitchen.draw(source, place) for place in places]


class _Kitchen:
    """Makes items, each from its place in its source alone."""

    def __init__(self, ingredients: Ingredients, recipe: Recipe) -> None:
        self._mnist = ingredients.mnist
        self._pens = ingredients.pens
        self._characters = ingredients.characters
        self._recipe = recipe

    def draw(self, source: Source, place: int) -> tuple[GreyImage, int]:
        picture, _, label = self._draw(source, place, self._generator(source, place))
        return picture, label

    def _generator(self, source: Source, place: int) -> np.random.Generator:
        return np.random.default_rng((self._recipe.seed, source, place))

    def make(self, source: Source, places: Iterable[int]) -> Corpus:
        pixels, labels = [], []
        for place in places:
            picture, clean, label = self._draw(source, place, self._generator(source, place))
            digit = normalize_digit(picture)
            if digit is not None and (clean is picture or _is_found(digit, clean)):
                pixels.append(np.rint(digit.pixels * 255).astype(np.uint8))
                labels.append(label)
        return Corpus(
            np.array(pixels, np.uint8).reshape(-1, FIELD_SIDE, FIELD_SIDE),
            np.array(labels, np.uint8),
            np.full(len(labels), source, np.uint8),
        )

    def _draw(
        self, source: Source, place: int, generator: np.random.Generator
    ) -> tuple[GreyImage, GreyImage, int]:
        """The picture, the same before it was photographed, and the label."""
        match source:
            case Source.MNIST:
                image = self._mnist.images[place]
                return image, image, int(self._mnist.labels[place])
            case Source.SENT:
                chosen = generator.integers(len(self._mnist))
                image = self._mnist.images[chosen]
                return send_digit(image, generator), image, int(self._mnist.labels[chosen])
            case Source.PENS | Source.PAPER:
                if generator.random() < self._recipe.allographs:
                    label, strokes = draw_allograph(generator)
                else:
                    strokes, label = self._take_pen_digit(generator, place)
                clean = draw_on_canvas(
                    strokes, random_canvas(generator, self._recipe.markers), generator
                )
                picture = photograph(clean, generator) if source is Source.PAPER else clean
                return picture, clean, label
            case Source.STRANGERS:
                return *self._draw_stranger(generator), NO_DIGIT_CLASS

    def _take_pen_digit(
        self, generator: np.random.Generator, place: int | None = None
    ) -> tuple[list[Stroke], int]:
        """The digit of that place, round and round, or any."""
        assert self._pens is not None
        count = len(self._pens)
        chosen = int(generator.integers(count)) if place is None else place % count
        return self._pens.strokes[chosen], int(self._pens.labels[chosen])

    def _draw_stranger(self, generator: np.random.Generator) -> tuple[GreyImage, GreyImage]:
        kind = generator.random()
        if kind < BLANKS:
            blank = draw_blank(generator)
            return blank, blank
        if kind < BLANKS + GLYPHS:
            clean = render_glyph(generator)
        else:
            strokes = self._draw_strange_strokes(generator)
            clean = draw_on_canvas(
                strokes, random_canvas(generator, self._recipe.markers), generator
            )
        return (photograph(clean, generator) if generator.random() < ON_PAPER else clean), clean

    def _draw_strange_strokes(self, generator: np.random.Generator) -> list[Stroke]:
        kind = generator.random()
        if kind < LETTERS:
            return draw_letter(generator)
        if kind < LETTERS + SCRIBBLES:
            return draw_scribble(generator)
        if self._characters is not None and kind < LETTERS + SCRIBBLES + CHARACTERS:
            return self._characters.strokes[generator.integers(len(self._characters))]
        return self._spoil_digits(generator) if self._pens else draw_scribble(generator)

    def _spoil_digits(self, generator: np.random.Generator) -> list[Stroke]:
        way = generator.random()
        strokes, label = self._take_pen_digit(generator)
        if way < 0.2:
            return cross_out(strokes, generator)
        if way < 0.3:
            while label not in TURNABLE_DIGITS:
                strokes, label = self._take_pen_digit(generator)
            return turn_digit(strokes, label)
        more = [self._take_pen_digit(generator)[0] for _ in range(int(generator.integers(1, 3)))]
        return join_digits([strokes, *more], generator)


def _is_found(digit: NormalizedDigit, clean: GreyImage) -> bool:
    """Whether a picture shows, normalized, about what the clean one does."""
    expected = normalize_digit(clean)
    if expected is None:
        return False
    found, drawn = _soften(digit.pixels), _soften(expected.pixels)
    overlap = np.minimum(found, drawn).sum() / np.maximum(found, drawn).sum()
    return bool(overlap >= LEAST_OVERLAP)


def _soften(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average over 3×3, so that a pixel's shift is no difference."""
    padded = np.pad(pixels, 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    softened: NDArray[np.float32] = windows.mean(axis=(2, 3))
    return softened


GLYPHS: Final = 0.26
BLANKS: Final = 0.14
"""Shares of the strangers; the rest are strokes, of which:"""
LETTERS: Final = 0.44
SCRIBBLES: Final = 0.16
CHARACTERS: Final = 0.22
"""and the rest are digits joined, turned or crossed out."""
ON_PAPER: Final = 0.4
"""Of the strangers: photographed."""

_kitchen: _Kitchen
"""One to a worker process: sent once, not with every task."""


def _work(tasks: list[tuple[Source, range]], kitchen: _Kitchen, workers: int) -> Iterator[Corpus]:
    if workers < 2:
        yield from (kitchen.make(*task) for task in tasks)
        return
    # A fresh process: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _enter_kitchen, (kitchen,)) as pool:
        yield from pool.map(_make, tasks)


def _enter_kitchen(kitchen: _Kitchen) -> None:
    global _kitchen  # noqa: PLW0603
    _kitchen = kitchen


def _make(task: tuple[Source, range]) -> Corpus:
    return _kitchen.make(*task)
