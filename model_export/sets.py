"""`prepare_sets`: everything that the shipped file is measured on. Nobody here trained or chose it.

Each item of a set has a random generator of its own, so a set is the same in whatever order its
items are made.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from model_export.dataset import Digits
from model_export.drawing.blanks import BLANKS
from model_export.drawing.canvas import RENDERINGS, Canvas, draw_on_canvas, random_canvas
from model_export.drawing.corruptions import CORRUPTIONS, LEVELS, Corruption
from model_export.drawing.letters import draw_letter
from model_export.drawing.paper import PAPER, photograph
from model_export.drawing.scribbles import draw_scribble
from model_export.drawing.strokes import Stroke
from model_export.readings import NO_DIGIT, THUMBNAIL_SIDE, Family, Samples
from model_export.sources.omniglot import Omniglot
from model_export.sources.pendigits import PenDigits
from model_export.splits import UNSEEN_ALPHABET
from recognition.image import GreyImage
from recognition.preprocessing import FIELD_SIDE, normalize_digit

_SEED: Final = 1_000_003
"""Of the sets. Training's seeds are small, so that no picture of theirs is repeated."""
CORRUPTED_DIGITS: Final = 200
"""Of the pen digits, for each fault at each level."""
SHEETS_OF_A_KIND: Final = 25
OWN_STRANGERS: Final = 500

_Make = Callable[[int, np.random.Generator], GreyImage]
_Spoil = Callable[[GreyImage, np.random.Generator], GreyImage]


def prepare_sets(
    mnist: Digits, pens: PenDigits | None, unseen: Omniglot | None
) -> Iterator[Samples]:
    """Every set that the data allows, one after the other.

    Args:
        mnist: the test set.
        pens: digits by writers kept for the test.
        unseen: characters of the alphabet kept for the test, without digits' look-alikes.
    """
    yield _prepare(
        "MNIST test", Family.MNIST, mnist.labels.astype(np.int8), lambda i, _: mnist.images[i]
    )
    if pens is not None:
        yield from _prepare_pens(pens)
    if unseen is not None:
        yield from _prepare_characters(unseen)
    for name, draw in (("letters and signs", draw_letter), ("scribbles", draw_scribble)):
        yield _prepare_strangers(f"our {name}", [draw] * OWN_STRANGERS)
    kinds = [draw for draw in BLANKS.values() for _ in range(SHEETS_OF_A_KIND)]
    yield _prepare(
        "sheets without ink", Family.BLANKS, _no_digits(len(kinds)), lambda i, g: kinds[i](g)
    )


def _prepare_pens(pens: PenDigits) -> Iterator[Samples]:
    labels = pens.labels.astype(np.int8)
    for name, canvas in RENDERINGS.items():
        yield _prepare(name, Family.PENS, labels, _draw_with(pens, canvas))
    for fault, spoil in PAPER.items():
        for name, canvas in RENDERINGS.items():
            drawn = _draw_with(pens, canvas, spoil)
            yield _prepare(f"{name}: {fault}", Family.PAPER, labels, drawn)
    chosen = np.sort(np.random.default_rng(_SEED).permutation(len(pens))[:CORRUPTED_DIGITS])
    some = pens.select(np.isin(np.arange(len(pens)), chosen))
    for fault, corrupt in CORRUPTIONS.items():
        for level in LEVELS:
            drawn = _draw_with(some, RENDERINGS["pen"], partial(_corrupt, corrupt, level))
            name = f"{fault}, {level} of {LEVELS[-1]}"
            yield _prepare(name, Family.CORRUPTIONS, some.labels.astype(np.int8), drawn)


def _draw_with(pens: PenDigits, canvas: Canvas, spoil: _Spoil | None = None) -> _Make:
    def draw(i: int, generator: np.random.Generator) -> GreyImage:
        picture = draw_on_canvas(pens.strokes[i], canvas, generator)
        return picture if spoil is None else spoil(picture, generator)

    return draw


def _corrupt(
    corrupt: Corruption, level: int, picture: GreyImage, generator: np.random.Generator
) -> GreyImage:
    return corrupt(picture, level, generator)


def _prepare_characters(unseen: Omniglot) -> Iterator[Samples]:
    def write(i: int) -> Callable[[np.random.Generator], list[Stroke]]:
        return lambda _: unseen.strokes[i]

    writers = [write(i) for i in range(len(unseen))]
    yield _prepare_strangers(UNSEEN_ALPHABET, writers)
    yield _prepare_strangers(f"{UNSEEN_ALPHABET}, photographed", writers, photographed=True)


def _prepare_strangers(
    name: str,
    writers: Sequence[Callable[[np.random.Generator], list[Stroke]]],
    *,
    photographed: bool = False,
) -> Samples:
    def draw(i: int, generator: np.random.Generator) -> GreyImage:
        picture = draw_on_canvas(writers[i](generator), random_canvas(generator), generator)
        return photograph(picture, generator) if photographed else picture

    return _prepare(name, Family.STRANGERS, _no_digits(len(writers)), draw)


def _no_digits(count: int) -> NDArray[np.int8]:
    return np.full(count, NO_DIGIT, np.int8)


def _prepare(name: str, family: Family, labels: NDArray[np.int8], draw: _Make) -> Samples:
    count = len(labels)
    pixels = np.zeros((count, FIELD_SIDE, FIELD_SIDE), np.float32)
    blank = np.zeros(count, bool)
    thumbnails = np.zeros((count, THUMBNAIL_SIDE, THUMBNAIL_SIDE), np.uint8)
    for i in tqdm(range(count), desc=name, unit="picture", leave=False):
        picture = draw(i, np.random.default_rng((_SEED, i)))
        digit = normalize_digit(picture)
        thumbnails[i] = _shrink(picture)
        if digit is None:
            blank[i] = True
        else:
            pixels[i] = digit.pixels
    return Samples(name, family, pixels, blank, labels, thumbnails)


def _shrink(picture: GreyImage) -> NDArray[np.uint8]:
    """A picture within 64×64, whole, on the grey of its own rim."""
    image = Image.fromarray(picture)
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    sheet = Image.new("L", (THUMBNAIL_SIDE, THUMBNAIL_SIDE), int(np.median(picture[0])))
    sheet.paste(image, ((THUMBNAIL_SIDE - image.width) // 2, (THUMBNAIL_SIDE - image.height) // 2))
    return np.asarray(sheet)
