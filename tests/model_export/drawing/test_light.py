"""Light falls unevenly, and only takes away."""

from collections.abc import Callable

import numpy as np
import pytest

from model_export.drawing.light import add_light, add_shadow, add_vignette
from model_export.drawing.page import Page

WHITE = np.ones((120, 160), np.float32)


@pytest.mark.parametrize("light", [add_light, add_shadow])
@pytest.mark.parametrize("seed", range(8))
def test_some_of_the_page_is_darker(
    light: Callable[[Page, float, np.random.Generator], Page], seed: int
) -> None:
    lit = light(WHITE, 1.0, np.random.default_rng(seed))
    assert lit.dtype == np.float32
    assert lit.max() <= 1
    assert 0.35 < lit.min() < 0.6
    assert (light(WHITE, 0.0, np.random.default_rng(seed)) == 1).all()


def test_vignette_is_darkest_in_the_corners() -> None:
    lit = add_vignette(WHITE, 1.0)
    assert lit[0, 0] == lit.min() == pytest.approx(0.5)
    assert lit[60, 80] > 0.99


def test_shadow_has_an_edge() -> None:
    edges = [
        np.abs(np.diff(add_shadow(WHITE, 1.0, np.random.default_rng(seed)))).max()
        for seed in range(30)
    ]
    assert max(edges) > 0.05
    assert min(edges) < 0.02
