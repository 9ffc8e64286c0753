from collections import Counter

from tests.benchmarks.memory import MIX, make_mix, shuffle_mix


def test_a_hundred_requests_of_all_kinds_in_one_order() -> None:
    names = list(shuffle_mix())
    assert len(names) == 100
    assert Counter(names) == MIX
    assert names == list(shuffle_mix())
    assert make_mix("/api/recognitions").keys() == MIX.keys()
