from tests.benchmarks.samples import Series


def test_a_series_is_its_middle_and_its_middle_half() -> None:
    series = Series("section", "program", (5.0, 1.0, 2.0, 4.0, 300.0))
    assert series.median == 4
    assert series.quartiles == (2, 5)


def test_one_sample_is_its_own_spread() -> None:
    series = Series("section", "program", (3.0,))
    assert (series.median, series.quartiles) == (3, (3, 3))
