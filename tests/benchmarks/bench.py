"""How long a cold start takes, and each stage of a warm recognition.

    python tests/benchmarks/bench.py [--rounds 15]

Times differ between machines and moments, so every round starts each program once, one after the
other, and the figures are medians. Each also comes as a multiple of a bare Python's start.
"""

import argparse
import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any, Final

PROJECT: Final = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "functions")]

from model_export.drawing.strokes import render_strokes  # noqa: E402
from model_export.examples import DIGIT_STROKES  # noqa: E402
from recognition.image import decode_image  # noqa: E402
from recognition.preprocessing import normalize_digit  # noqa: E402
from recognition.recognizer import Recognizer  # noqa: E402
from tests.conftest import encode_image  # noqa: E402

BARE: Final = "bare Python"
STARTS: Final = {
    BARE: "print('{}')",
    "recognition": (
        "from recognition.recognizer import Recognizer\n"
        "import pathlib\n"
        "print(Recognizer.load().recognize(pathlib.Path(image).read_bytes()))"
    ),
    "Lambda handler": (
        "import base64, pathlib\n"
        "from api.handler import handler\n"
        "body = base64.b64encode(pathlib.Path(image).read_bytes()).decode()\n"
        "print(handler({**event, 'body': body}, None))"
    ),
}
"""Programs from the spawn of a process to their first answer."""

EVENT: Final[dict[str, Any]] = {
    "httpMethod": "POST",
    "path": "/api/recognitions",
    "resource": "/{proxy+}",
    "headers": {"Content-Type": "image/png", "Host": "localhost"},
    "requestContext": {},
    "isBase64Encoded": True,
}

WARM_BATCH: Final = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="times that each is measured")
    rounds = parser.parse_args().rounds
    image = encode_image(render_strokes(DIGIT_STROKES[7]), "PNG")
    print_table("cold start, ms", time_starts(image, rounds), 1e3, BARE)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):  # the handler's log
        stages = time_stages(image, rounds)
    print_table("warm, µs", stages, 1e6, "recognize")


def time_starts(image: bytes, rounds: int) -> dict[str, list[float]]:
    """Seconds from spawn to exit of each program, interleaved; a first round fills the caches."""
    path = PROJECT / "build/bench.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(image)
    prelude = f"image = {str(path)!r}\nevent = {EVENT!r}\n"
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT / "functions"),
        "OPENBLAS_NUM_THREADS": "1",  # as template.yaml has it
    }
    times: dict[str, list[float]] = {name: [] for name in STARTS}
    for turn in range(rounds + 1):
        for name, program in STARTS.items():
            command = [sys.executable, "-c", prelude + program]
            started = time.perf_counter()
            subprocess.run(command, env=environment, capture_output=True, check=True)
            if turn:
                times[name].append(time.perf_counter() - started)
    return times


def time_stages(image: bytes, rounds: int) -> dict[str, list[float]]:
    """Seconds of each stage on one 280×280 grey PNG, interleaved."""
    from api.handler import handler

    recognizer = Recognizer.load()
    grey = decode_image(image)
    normalized = normalize_digit(grey)
    assert normalized is not None
    event = {**EVENT, "body": base64.b64encode(image).decode()}
    stages: dict[str, Callable[[], object]] = {
        "decode_image": lambda: decode_image(image),
        "normalize_digit": lambda: normalize_digit(grey),
        "classifier.classify": lambda: recognizer._classifier.classify(normalized.pixels),
        "recognize": lambda: recognizer.recognize(image),
        "Lambda handler": lambda: handler(event, None),
    }
    times: dict[str, list[float]] = {name: [] for name in stages}
    for turn in range(rounds + 1):
        for name, stage in stages.items():
            started = time.perf_counter()
            for _ in range(WARM_BATCH):
                stage()
            if turn:
                times[name].append((time.perf_counter() - started) / WARM_BATCH)
    return times


def print_table(title: str, times: dict[str, list[float]], scale: float, base: str) -> None:
    medians = {name: median(taken) for name, taken in times.items()}
    print(f"{title:<24}{'median':>10}{'fastest':>10}   × {base}")
    for name, taken in times.items():
        ratio = medians[name] / medians[base]
        print(
            f"  {name:<22}{medians[name] * scale:>10.1f}{min(taken) * scale:>10.1f}{ratio:>10.2f}"
        )
    print()


if __name__ == "__main__":
    main()
