"""`python reading.py FOLDER`: what the recogniser, whichever is on the path, reads in its files.

One line of JSON for each, in the order of their names.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from recognition.errors import RecognitionError
from recognition.recognizer import Recognizer


def main() -> None:
    recognizer = Recognizer.load()
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps(read(recognizer, path.read_bytes())))


def read(recognizer: Recognizer, image: bytes) -> dict[str, Any]:
    """All that there is to an answer; numbers to the bit."""
    try:
        read = recognizer.recognize(image)
    except RecognitionError as error:
        return {"error": type(error).__name__, "message": str(error)}
    pixels = b"" if read.pixels is None else read.pixels.tobytes()
    return {
        "outcome": read.outcome,
        "digit": read.digit,
        "scores": [score.hex() for score in read.scores],
        "strangeness": read.strangeness.hex(),
        "pixels": hashlib.sha256(pixels).hexdigest(),
        "box": str(read.box),
    }


if __name__ == "__main__":
    main()
