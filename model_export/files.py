"""`write_whole`: a file that is there is complete."""

from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, and give it its own once it is whole."""
    part = path.with_name("part-" + path.name)
    part.write_bytes(content)
    part.replace(path)
