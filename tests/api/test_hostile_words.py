"""What a client writes where no one has asked for words: never stored, logged raw or echoed."""

import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image, PngImagePlugin
from starlette.testclient import TestClient

from tests.api.forms import data_url, raw
from tests.conftest import DrawDigit

MARKER: Final = "zebra4711"
WORDS: Final = {
    "a path": f"../../{MARKER}/x.png",
    "a path of Windows": f"..\\..\\{MARKER}\\x.png",
    "a script": f"<script>{MARKER}()</script>.png",
    "an element": f"<img src=x onerror={MARKER}()>.png",
    "control characters": f"\x1b[31m{MARKER}\x07\x00.png",
    "lines": f'x.png\r\n{{"level": "{MARKER}"}}\r\n.png',
    "a turn": f"\u202e{MARKER}\u2066.png",
    "half of a pair": f"{MARKER}\ud800.png",
    "a query": f"'; DROP TABLE recognitions; --{MARKER}",
}
"""All but one have the marker in a part that is no honest name's."""


def write_form(name: str, file_name: str, media_type: str, image: bytes) -> dict[str, Any]:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
    head += f"Content-Type: {media_type}\r\n\r\n"
    content = head.encode("utf-8", "surrogatepass") + image + b"\r\n--b--\r\n"
    return raw(content, "multipart/form-data; boundary=b")


def described_by(image: bytes, words: str) -> bytes:
    """The image with words wherever a PNG may have some."""
    words = words.encode("latin-1", "replace").decode("latin-1").replace("\x00", "")
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", words)
    info.add_text(MARKER, words, zip=True)
    info.add_itxt("Comment", words)
    exif = Image.Exif()
    exif[0x010E] = words  # ImageDescription
    exif[0x013B] = words  # Artist
    buffer = io.BytesIO()
    Image.open(io.BytesIO(image)).save(buffer, "PNG", pnginfo=info, exif=exif)
    assert MARKER.encode() in buffer.getvalue()
    return buffer.getvalue()


def requests_with(words: str, image: bytes) -> list[tuple[str, dict[str, Any]]]:
    named = write_form("file", words, words.partition("\r")[0], image)
    misnamed = write_form(words, words, "image/png", image)
    described = described_by(image, words)
    header = words.encode("ascii", "replace").translate(None, b"\r\n\0\x07\x1b").decode()
    urls = ("/api/recognitions", "/api/recognitions/batch", "/predict", "/api/predict", "/ocr")
    return [
        *((url, named) for url in urls),
        *((url, misnamed) for url in urls),
        *((url, write_form("file", "7.png", "image/png", described)) for url in urls),
        ("/api/recognitions", raw(described, header)),
        ("/api/recognitions", raw(image, f'image/png; name="{header}"')),
        ("/predict", raw(data_url(described).encode(), f"text/plain; {header}")),
        ("/api/predict", {"content": json.dumps({words: words, "image": data_url(described)})}),
        ("/api/predict", {"content": json.dumps({words: words, "image": words})}),
        ("/api/recognitions", {"content": image, "headers": {"User-Agent": header}}),
        ("/api/recognitions", {"content": image, "params": {"explain": words.encode()[:20]}})
        if words.isascii()
        else ("/api/recognitions", raw(image, None)),
    ]


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_it_is_neither_echoed_nor_logged_nor_stored(
    keeping_client: TestClient,
    draw_digit: DrawDigit,
    stream: io.StringIO,
    tmp_path: Path,
    words: str,
) -> None:
    for url, request in requests_with(words, draw_digit(7)):
        response = keeping_client.post(url, **request)
        assert response.status_code < 500
        heads = "".join(f"{name}: {value}\n" for name, value in response.headers.items())
        assert MARKER not in heads
        # A file's cleaned name is what `/ocr` is asked to say back; of a path nothing is left.
        if url != "/ocr" or "/" in words or "\\" in words:
            assert MARKER not in response.text
        assert not set(response.text) & set("<>\x1b\x07\x00\u202e\u2066\r")
    assert MARKER not in stream.getvalue()
    assert set("\x1b\x07\x00\u202e") & set(stream.getvalue()) == set()
    assert [path for path in tmp_path.rglob("*") if MARKER in str(path)] == []
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".png" for path in stored)
    for path in stored:
        assert MARKER.encode() not in path.read_bytes()
