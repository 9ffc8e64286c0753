"""The comparators' API: it must be worth being compared with."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.events import CANVAS, GREY, PHOTO, Event, make_events, post_form
from tests.benchmarks.pictures import Picture, draw_canvas, draw_grey
from tests.benchmarks.programs.tutorial import create_app, make_handler, preprocess

Handler = Callable[[Event, Any], dict[str, Any]]


@pytest.fixture
def handler() -> Iterator[Handler]:
    yield make_handler(create_app(lambda pixels: np.eye(10, dtype=np.float32)[3]))
    asyncio.get_event_loop().close()
    asyncio.set_event_loop(None)


@pytest.mark.parametrize("name", [GREY, CANVAS, PHOTO])
def test_it_takes_every_event(handler: Handler, name: str) -> None:
    answer = handler(make_events("/api/recognitions/json")[name], None)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["digit"] == 3


def test_what_is_no_image_is_refused(handler: Handler) -> None:
    assert handler(post_form(Picture(b"words", "image/png")), None)["statusCode"] == 400


def test_ink_is_one_and_paper_nought_on_a_canvas_too() -> None:
    for picture in (draw_grey(), draw_canvas()):
        pixels = preprocess(Image.open(io.BytesIO(picture.content)))
        assert pixels.shape == (1, 28, 28, 1)
        assert pixels.dtype == np.float32
        assert pixels[0, 0, 0, 0] == 0
        assert pixels.max() > 0.8
