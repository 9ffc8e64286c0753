"""Files as a person gives them to the page: chosen, dropped, pasted."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from model_export.drawing.lens import defocus
from model_export.drawing.light import add_light
from model_export.drawing.page import take_up
from model_export.drawing.paper import add_texture
from model_export.drawing.strokes import ink_coverage
from model_export.examples import DIGIT_STROKES
from tests.conftest import encode_image

HAND_OVER = """
  ([kind, target, files]) => {
    const data = new DataTransfer();
    for (const [name, type, bytes] of files) {
      data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    }
    const options = { bubbles: true, cancelable: true, composed: true };
    const event = kind === "paste"
      ? new ClipboardEvent(kind, { ...options, clipboardData: data })
      : new DragEvent(kind, { ...options, dataTransfer: data });
    document.querySelector(target).dispatchEvent(event);
    return event.defaultPrevented;
  }
"""


def file(name: str, data: bytes, media_type: str = "image/png") -> FilePayload:
    return FilePayload(name=name, mimeType=media_type, buffer=data)


def choose(page: Page, *files: FilePayload, button: str = "Choose images") -> None:
    page.get_by_role("tab", name="Upload").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_text(button).click()
    chooser.value.set_files(list(files))


def hand_over(page: Page, kind: str, *files: FilePayload, target: str = "main") -> bool:
    """Fires an event that carries files; whether the page took it over from the browser."""
    carried = [[each["name"], each["mimeType"], list(each["buffer"])] for each in files]
    taken: bool = page.evaluate(HAND_OVER, [kind, target, carried])
    return taken


def drop_paths(page: Page, *paths: Path) -> None:
    """As from a file manager, folders too: what no script can make up."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 99, "y": 99, "data": data})


def expect_preview(page: Page, name: str) -> None:
    preview = page.get_by_role("img", name=f"Preview of {name}")
    expect(preview).to_be_visible()
    page.wait_for_function("document.querySelector('#preview').naturalWidth > 0")
    # The marks of what was cut out lie over the same place.
    assert preview.bounding_box() == page.locator("#upload-cut").bounding_box()
    expect(page.locator('#upload [data-part="name"]')).to_have_text(name)


def take_photo(
    digit: int, *, size: tuple[int, int] = (4032, 3024), orientation: int | None = None
) -> bytes:
    """A JPEG as a phone takes it of a digit on paper: uneven light, a soft lens, a noisy sensor."""
    generator = np.random.default_rng(digit)
    side = min(size) // 2
    ink = ink_coverage(DIGIT_STROKES[digit], side=side // 4, width=0.05).resize((side, side))
    sheet = Image.new("L", size, 220)
    sheet.paste(50, (size[0] // 3, size[1] // 5), ink)
    page = add_light(np.asarray(sheet, np.float32) / np.float32(255), 0.5, generator)
    blurred = defocus(take_up(add_texture(page, 0.2, generator)), 0.7)
    noise = generator.standard_normal(blurred.shape, np.float32) * np.float32(4)
    seen = np.clip(blurred + noise, 0, 255).astype(np.uint8)
    picture = Image.fromarray(seen).convert("RGB")
    exif = Image.Exif()
    if orientation is not None:
        exif[274] = orientation
    return encode_image(picture, "JPEG", quality=95, exif=exif)


def draw_on_glass(digit: int, *, side: int = 1300) -> bytes:
    """A PNG that no scaling makes small: ink in noise of which each pixel shows through."""
    generator = np.random.default_rng(digit)
    ink = np.asarray(ink_coverage(DIGIT_STROKES[digit], side=side, width=0.07))
    pixels = generator.integers(200, 256, (side, side, 4), np.uint8)
    pixels[..., 3] = generator.integers(1, 40, (side, side))
    pixels[ink > 127] = (0, 0, 0, 255)
    return encode_image(Image.fromarray(pixels), "PNG", compress_level=1)


def open_image(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
