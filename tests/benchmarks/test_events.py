import io
import json

from PIL import Image

from tests.benchmarks.events import BOUNDARY, CANVAS, GREY, PHOTO, keep, make_events, read_body


def test_forms_hold_the_pictures_as_they_are() -> None:
    events = make_events()
    sizes = {}
    for name in (GREY, PHOTO):
        assert events[name]["isBase64Encoded"]
        head, _, rest = read_body(events[name]).partition(b"\r\n\r\n")
        assert head.startswith(f"--{BOUNDARY}\r\n".encode())
        content, _, tail = rest.rpartition(f"\r\n--{BOUNDARY}--".encode())
        assert tail == b"\r\n"
        image = Image.open(io.BytesIO(content))
        sizes[name] = (image.mode, image.size)
    assert sizes == {GREY: ("L", (280, 280)), PHOTO: ("RGB", (1632, 1224))}


def test_the_canvas_is_rgba_in_a_data_url() -> None:
    event = make_events("/elsewhere")[CANVAS]
    assert (event["path"], event["isBase64Encoded"]) == ("/elsewhere", False)
    assert json.loads(event["body"])["image"].startswith("data:image/png;base64,")


def test_nothing_is_kept_but_what_is_to_be() -> None:
    event = make_events()[GREY]
    assert event["queryStringParameters"] == {"store": "false"}
    assert keep(event)["queryStringParameters"] is None
