"""`take_turns`: measure programs side by side, so that a machine's moods are everyone's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Measure = Callable[[], float | Sequence[float]]
"""Measures once, or a few times; in the unit of its section."""


@dataclass(frozen=True, slots=True)
class Turn:
    measure: Measure
    every: int = 1
    """Whether it has its turn in each round, in every second one, and so on: for what takes as
    long as all of the rest, and differs from it so much that a few samples say as much."""


def take_turns(turns: Mapping[str, Turn], rounds: int) -> dict[str, tuple[float, ...]]:
    """Measure each program once in a round. Each round begins with another one.

    A first round goes before the others and isn't kept: it fills the disk's cache, and what a
    program keeps.

    Returns:
        Each program's samples, in the order that they were taken.
    """
    taken: dict[str, list[float]] = {name: [] for name in turns}
    names = list(turns)
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            turn = turns[name]
            if number and (number - 1) % turn.every:
                continue
            measured = turn.measure()
            if number:
                taken[name] += [measured] if isinstance(measured, int | float) else measured
    return {name: tuple(samples) for name, samples in taken.items()}
