from collections.abc import Callable

from tests.benchmarks.rounds import Turn, take_turns


def count_calls(calls: list[str], name: str) -> Callable[[], float]:
    def measure() -> float:
        calls.append(name)
        return float(len(calls))

    return measure


def test_programs_take_turns_and_each_round_begins_with_another() -> None:
    calls: list[str] = []
    take_turns({name: Turn(count_calls(calls, name)) for name in "abc"}, 3)
    assert "".join(calls) == "abc" + "bca" + "cab" + "abc"


def test_first_round_is_not_kept() -> None:
    calls: list[str] = []
    taken = take_turns({name: Turn(count_calls(calls, name)) for name in "ab"}, 2)
    assert taken == {"a": (4, 5), "b": (3, 6)}


def test_slow_program_has_fewer_turns() -> None:
    calls: list[str] = []
    turns = {"fast": Turn(count_calls(calls, "f")), "slow": Turn(count_calls(calls, "s"), every=3)}
    taken = take_turns(turns, 6)
    assert (len(taken["fast"]), len(taken["slow"])) == (6, 2)
    assert calls.count("s") == 3


def test_samples_that_come_at_once_are_samples_each() -> None:
    assert take_turns({"a": Turn(lambda: [1.0, 2.0])}, 2) == {"a": (1, 2, 1, 2)}
