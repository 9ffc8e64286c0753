"""Files that are made to cost, to mislead or to break: a module for each format.

They are built when asked for, from nothing but code: no one else's images, and none to keep.
"""

from tests.recognition.hostile import bmp, gif, jpeg, png, webp
from tests.recognition.hostile.files import FILES, HostileFile

__all__ = ("FILES", "HostileFile", "bmp", "gif", "jpeg", "png", "webp")
