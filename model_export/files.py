"""`write_whole`: a file that is there is complete."""

import json
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, and give it its own once it is whole."""
    part = path.with_name("part-" + path.name)
    part.write_bytes(content)
    part.replace(path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    write_whole(path, (json.dumps(content, indent=2) + "\n").encode())
