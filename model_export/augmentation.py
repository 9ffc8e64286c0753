"""Distortions that make a training digit one of the many ways that people would have drawn it.

Pure NumPy, a batch at a time: Keras's random layers double the time of a step.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Batch = NDArray[np.float32]
"""float32 (n, 28, 28), 0 paper to 1 ink."""

MAX_ROTATION: Final = np.deg2rad(14)
MAX_SHEAR: Final = 0.2
MAX_STRETCH: Final = 0.16
"""Of width and height, each on its own: a share."""
MAX_SHIFT: Final = 1.5
"""Pixels."""
ELASTIC_PIXELS: Final = 0.9
"""Standard deviation of the elastic field's knots."""
_KNOTS: Final = 6


def augment_digits(digits: Batch, generator: np.random.Generator, strength: float = 1.0) -> Batch:
    """Distort each digit in a way of its own: affine, elastic, pen width, pressure.

    Args:
        strength: 0 not at all to 1 as far as a person still reads it.
    """
    warped = warp_digits(digits, generator, strength)
    return _change_pressure(_change_thickness(warped, generator, strength), generator, strength)


def warp_digits(digits: Batch, generator: np.random.Generator, strength: float = 1.0) -> Batch:
    """Affine and elastic distortion in one bilinear sampling."""
    count, side, _ = digits.shape
    axis = np.arange(side, dtype=np.float32) - (side - 1) / 2
    y, x = np.meshgrid(axis, axis, indexing="ij")
    matrix = _inverse_affine(count, generator, strength)
    field = np.float32(strength) * _elastic_field(count, side, generator)
    reach = strength * MAX_SHIFT
    shift = generator.uniform(-reach, reach, (2, count, 1, 1)).astype(np.float32)
    center = (side - 1) / 2
    source_y = matrix[0, 0] * y + matrix[0, 1] * x + field[0] + shift[0] + center
    source_x = matrix[1, 0] * y + matrix[1, 1] * x + field[1] + shift[1] + center
    return _sample_bilinear(digits, source_y, source_x)


def _inverse_affine(
    count: int, generator: np.random.Generator, strength: float
) -> NDArray[np.float32]:
    """float32 (2, 2, n, 1, 1): where each output pixel's ink comes from, in (y, x)."""
    angle = strength * generator.uniform(-MAX_ROTATION, MAX_ROTATION, count)
    shear = strength * generator.uniform(-MAX_SHEAR, MAX_SHEAR, count)
    stretch_y, stretch_x = np.exp(
        strength * generator.uniform(-MAX_STRETCH, MAX_STRETCH, (2, count)),
    )
    cosine, sine = np.cos(angle), np.sin(angle)
    matrix = np.array(
        [
            [cosine * stretch_y, sine * stretch_y],
            [(-sine + shear * cosine) * stretch_x, (cosine + shear * sine) * stretch_x],
        ],
        dtype=np.float32,
    )
    return matrix[..., None, None]


def _elastic_field(count: int, side: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """float32 (2, n, side, side): smooth displacements in pixels (Simard et al. 2003).

    A few random knots, spread by a Gaussian kernel: two small matrix products instead of a
    convolution.
    """
    knots = generator.standard_normal((2, count, _KNOTS, _KNOTS)).astype(np.float32)
    positions = np.linspace(0, side - 1, _KNOTS, dtype=np.float32)
    distance = (np.arange(side, dtype=np.float32)[:, None] - positions) / (side / _KNOTS)
    kernel = np.exp(-(distance**2) / 2)
    kernel = kernel / np.sqrt((kernel**2).sum(axis=1, keepdims=True))  # unit variance everywhere
    field: NDArray[np.float32] = np.float32(ELASTIC_PIXELS) * (kernel @ knots @ kernel.T)
    return field


def _sample_bilinear(digits: Batch, y: NDArray[np.float32], x: NDArray[np.float32]) -> Batch:
    count, side, _ = digits.shape
    # A rim of paper, and positions held within it, stand for everything outside.
    padded = np.pad(digits, ((0, 0), (1, 2), (1, 2))).reshape(count, -1)
    row = side + 3
    y = np.clip(y + 1, 0, side + 1)
    x = np.clip(x + 1, 0, side + 1)
    top, left = y.astype(np.int32), x.astype(np.int32)
    down, right = y - top, x - left
    corner = (top * row + left).reshape(count, -1)
    samples = [
        np.take_along_axis(padded, corner + offset, axis=1).reshape(count, side, side)
        for offset in (0, 1, row, row + 1)
    ]
    upper = samples[0] + (samples[1] - samples[0]) * right
    lower = samples[2] + (samples[3] - samples[2]) * right
    sampled: Batch = (upper + (lower - upper) * down).astype(np.float32)
    return sampled


def _change_thickness(digits: Batch, generator: np.random.Generator, strength: float) -> Batch:
    """Blend each digit with its grey dilation or erosion by a plus-shaped neighbourhood."""
    padded = np.pad(digits, ((0, 0), (1, 1), (1, 1)))
    neighbours = (
        padded[:, :-2, 1:-1],
        padded[:, 2:, 1:-1],
        padded[:, 1:-1, :-2],
        padded[:, 1:-1, 2:],
    )
    thick, thin = digits, digits
    for neighbour in neighbours:
        thick, thin = np.maximum(thick, neighbour), np.minimum(thin, neighbour)
    amount = strength * generator.uniform(-0.6, 0.9, (len(digits), 1, 1)).astype(np.float32)
    changed: Batch = np.where(
        amount > 0, digits + amount * (thick - digits), digits + amount * (digits - thin)
    )
    return changed


def _change_pressure(digits: Batch, generator: np.random.Generator, strength: float) -> Batch:
    """Bend the grey levels, as a harder or softer pen and other scanners do."""
    bend = strength * generator.uniform(-0.4, 0.4, (len(digits), 1, 1))
    gamma = np.exp(bend).astype(np.float32)
    peak = np.maximum(digits.max(axis=(1, 2), keepdims=True), 1e-6)
    pressed: Batch = ((digits / peak) ** gamma).astype(np.float32)
    return pressed
