"""`Settings`: what the environment decides, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.errors import SettingsError

PAGE_VARIABLE: Final = "INKLING_PAGE"

_FUNCTIONS: Final = Path(__file__).parents[1]
_PAGES: Final = (_FUNCTIONS / "frontend", _FUNCTIONS.parent / "frontend")
"""Where the page is: in a Lambda package beside the code, in a checkout beside its folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    page: Path
    """The page's folder, with an index.html and a folder of examples in it."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: one can't be used; the message names its variable.
    """
    named = environment.get(PAGE_VARIABLE)
    candidates = (Path(named),) if named else _PAGES
    for page in candidates:
        if (page / "index.html").is_file() and (page / "examples").is_dir():
            return Settings(page)
    places = " or ".join(str(page) for page in candidates)
    raise SettingsError(f"{PAGE_VARIABLE}: there is no page (index.html and examples) in {places}.")
