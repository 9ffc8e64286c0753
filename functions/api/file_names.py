"""`clean_file_name`: a file's name as a client sent it, made fit to be said back to it.

It's any text at all: a path out of the folder that it's joined to, a script for the page that shows
it, colours for the terminal that prints it, a word that turns round what stands after it.
"""

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 100

_FOLDERS: Final = re.compile(r".*[/\\]", re.DOTALL)
_DOUBTFUL: Final = re.compile(r"[^\w ().-]")
"""All but letters and digits of any language, and what file names have in all earnest."""


def clean_file_name(sent: str) -> str:
    """The name alone, at most `MAX_CHARACTERS` of it, or "" where nothing is left of one."""
    # Accents and their letters as one: on a Mac they are two, and only the letter would stay.
    name = _FOLDERS.sub("", unicodedata.normalize("NFC", sent))
    name = _DOUBTFUL.sub("_", name).strip(" .")
    return name[-MAX_CHARACTERS:].lstrip(" .")  # the end has the type
