import zipfile
from pathlib import Path

from tests.benchmarks.sizes import Weight, draw_parts, sum_up, weigh_parts


def test_parts_add_up_to_the_archive(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    (folder / "one/two").mkdir(parents=True)
    (folder / "one/two/a.py").write_text("text " * 1000)
    (folder / "one/b.py").write_text("other " * 1000)
    (folder / "c.bin").write_bytes(bytes(range(256)))
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in folder.rglob("*.*"):
            zipped.write(path, path.relative_to(folder))
    parts = weigh_parts(folder)
    assert parts.keys() == {"one", "c.bin", "zip"}
    assert parts["one"].unpacked == 11_000
    assert sum_up(parts) == Weight(archive.stat().st_size, 11_256)


def test_the_lightest_parts_are_the_rest() -> None:
    parts = {name: Weight(1_000_000, 2_000_000) for name in "abcd"}
    assert draw_parts(parts, count=2).splitlines()[2:] == [
        "| a | 1.00 | 2.00 |",
        "| b | 1.00 | 2.00 |",
        "| the rest | 2.00 | 4.00 |",
    ]
