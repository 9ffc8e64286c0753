"""`strip_metadata`: an image's file without anything but the image.

Who took a picture, when, where and with what is nobody's business here; nor is anything that stands
beside the pixels, for people or for programs. The pixels themselves stay as they are coded.
"""

from collections.abc import Callable
from typing import Final

from recognition.errors import CorruptImage, ImageError, UnsupportedImage
from recognition.formats.contents import Contents
from recognition.image import READERS, sniff_format
from recognition.stripped.bmp import strip_bmp
from recognition.stripped.gif import strip_gif
from recognition.stripped.jpeg import strip_jpeg
from recognition.stripped.png import strip_png
from recognition.stripped.webp import strip_webp

_STRIPPERS: Final[dict[str, Callable[[bytes, Contents], bytes]]] = {
    "PNG": strip_png,
    "JPEG": strip_jpeg,
    "WEBP": strip_webp,
    "GIF": strip_gif,
    "BMP": strip_bmp,
}


def strip_metadata(image: bytes) -> bytes:
    """Take from a file all that `decode_image` doesn't need, and nothing that it does.

    Left are pixels, palette, transparency, and of EXIF the orientation; of several frames, the
    first.

    Args:
        image: a whole PNG, JPEG, WebP, GIF or BMP file.

    Returns:
        A file of the same format that decodes to the same picture, and is no longer. A broken one
        that would be longer for its mending (by an end mark, say) stays as it is.

    Raises:
        ImageError: see `decode_image`; what that reads is refused here only if its pixels are in
            more than `MAX_PARTS` parts.
    """
    image_format = sniff_format(image)
    if image_format is None:
        raise UnsupportedImage("The bytes are not a PNG, JPEG, WebP, GIF or BMP image.")
    try:
        stripped = _STRIPPERS[image_format](image, READERS[image_format](image))
    except ImageError:
        raise
    except Exception as error:  # whatever hostile bytes provoke, as in `decode_image`
        raise CorruptImage(f"The {image_format} image is damaged.") from error
    return stripped if len(stripped) <= len(image) else image
