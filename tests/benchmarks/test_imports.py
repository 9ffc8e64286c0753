from tests.benchmarks.imports import add_up, draw_profile

WRITTEN = """\
import time: self [us] | cumulative | imported package
import time:      1500 |       1500 |   encodings.utf_8
import time:      2000 |       2000 |     numpy._core
import time:      3000 |       5000 |   numpy
a line of somebody's
import time:       250 |       5250 | api.handler
"""


def test_modules_add_up_to_their_packages() -> None:
    assert add_up(WRITTEN, {"numpy", "api"}) == {
        "encodings (Python's own)": 1.5,
        "numpy": 5.0,
        "api": 0.25,
    }


def test_the_slowest_come_first_and_the_least_are_the_rest() -> None:
    assert draw_profile({"numpy": 3.0, "api": 0.25, "PIL": 6.75}).splitlines()[2:] == [
        "| PIL | 6.8 | 68% |",
        "| numpy | 3.0 | 30% |",
        "| the rest | 0.2 | 2% |",
        "| all imports | 10.0 | 100% |",
    ]
