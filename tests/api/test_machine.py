"""What the machine says of itself, and what becomes of it where it doesn't."""

import time

from api.machine import MIN_SECONDS, ProcessorMeter, read_memory, read_processor_times


def test_the_processor_is_busy_for_as_long_as_something_runs() -> None:
    meter = ProcessorMeter()
    assert 0 <= meter.read() <= 1
    busy, total = read_processor_times()
    assert 0 < busy < total
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    assert 0 < meter.read() <= 1


def test_memory_is_in_use() -> None:
    assert 0 < read_memory() < 1


def test_a_figure_is_of_the_time_since_the_last() -> None:
    times = iter([(30.0, 100.0), (30.5, 101.0), (31.5, 102.0), (31.5, 103.0)])
    meter = ProcessorMeter(lambda: next(times))
    assert [meter.read() for _ in range(4)] == [0.3, 0.5, 1.0, 0.0]


def test_a_figure_stands_until_there_is_time_enough_for_the_next() -> None:
    step = MIN_SECONDS / 2
    times = iter([(30.0, 100.0), (30.0 + step, 100.0 + step), (30.0, 100.0), (31.0, 101.0)])
    meter = ProcessorMeter(lambda: next(times))
    assert [meter.read() for _ in range(4)] == [0.3, 0.3, 0.3, 1.0]
