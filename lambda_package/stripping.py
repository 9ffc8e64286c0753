"""`strip_libraries`: take out of shared libraries what is never loaded.

The loader reads a library by its segments. Its sections are for linkers and debuggers: tables of
symbols by their source's names above all, which wheels carry along. They are a tenth of a package
that has no other use for them.
"""

from pathlib import Path
from typing import Final

from elftools.elf.elffile import ELFFile

_SECTIONS: Final = ((0x28, 8), (0x3A, 6))
"""Where an ELF header of 64 bits has the sections' place, and their size, number and names: at
zero, there are none (man 5 elf, e_shoff to e_shstrndx)."""


def strip_libraries(folder: Path) -> None:
    """Leave of every shared library in a folder what its segments hold, where they hold it."""
    for library in folder.rglob("*.so*"):
        library.write_bytes(strip(library))


def strip(library: Path) -> bytes:
    """A library up to the end of its last segment, with zeros wherever there is none."""
    with library.open("rb") as file:
        elf = ELFFile(file)
        kept = [(0, elf["e_ehsize"]), (elf["e_phoff"], elf["e_phnum"] * elf["e_phentsize"])]
        kept += [(segment["p_offset"], segment["p_filesz"]) for segment in elf.iter_segments()]
    whole = library.read_bytes()
    stripped = bytearray(max(start + length for start, length in kept))
    for start, length in kept:
        stripped[start : start + length] = whole[start : start + length]
    for start, length in _SECTIONS:
        stripped[start : start + length] = bytes(length)
    return bytes(stripped)
