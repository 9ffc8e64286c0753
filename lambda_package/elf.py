"""What a shared library says of itself: its symbols, and those that it looks for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile


def read_exports(library: Path) -> set[str]:
    """The symbols that others find in a library."""
    return {symbol.name for symbol in _read_symbols(library) if not _is_sought(symbol)}


def read_imports(library: Path) -> set[str]:
    """The symbols that a library finds in others."""
    return {symbol.name for symbol in _read_symbols(library) if _is_sought(symbol)}


def read_versions(library: Path, sought: str) -> set[str]:
    """The versions of another library's symbols that a library asks it for."""
    with library.open("rb") as file:
        needs = [part for part in ELFFile(file).iter_sections() if part.name == ".gnu.version_r"]
        return {
            version.name
            for section in needs
            for other, versions in section.iter_versions()
            if other.name == sought
            for version in versions
        }


def _read_symbols(library: Path) -> Iterator[Any]:
    with library.open("rb") as file:
        for segment in ELFFile(file).iter_segments("PT_DYNAMIC"):
            assert isinstance(segment, DynamicSegment)
            for symbol in segment.iter_symbols():
                if symbol["st_info"]["bind"] != "STB_LOCAL":
                    yield symbol


def _is_sought(symbol: Any) -> bool:
    return bool(symbol["st_shndx"] == "SHN_UNDEF")
