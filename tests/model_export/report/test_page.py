"""The page: whole, self-contained, and with every error on it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from model_export.readings import Family
from model_export.report.evaluation import is_error
from model_export.report.page import build_page, write_report
from recognition.result import Outcome
from tests.model_export.report.readings import CARD, make_evaluation, make_readings

VOID = {"meta", "link", "img", "br", "hr", "col", "input"}


class Page(HTMLParser):
    """What is on a page; complains of elements that are not closed in their order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]


@pytest.fixture(scope="module")
def source() -> str:
    return build_page(make_evaluation())


@pytest.fixture(scope="module")
def page(source: str) -> Page:
    return Page(source)


def test_every_error_is_in_the_gallery(page: Page) -> None:
    labels = [
        found["aria-label"] or ""
        for found in page.all("span", role="img")
        if (found["aria-label"] or "").startswith("Sent")
    ]
    errors = sum(int(is_error(reading).sum()) for reading in make_evaluation().readings)
    assert len(labels) == errors == 11
    assert sum("Sent: no digit" in label for label in labels) == 1
    assert any(label.startswith("Sent: 0. Read: 1, digit, ") for label in labels)


def test_the_page_needs_nothing_beside_itself(source: str, page: Page) -> None:
    assert "http://" not in source
    assert "https://" not in source
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "img"})
    assert all("onload" not in found for _, found in page.tags)
    urls = re.findall(r"url\(([^)]{0,30})", source)
    assert urls
    assert all(url.startswith("data:image/webp;base64,") for url in urls)


def test_every_chart_is_xml_and_has_a_name(source: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", source, flags=re.DOTALL)
    assert len(charts) > 10
    for chart in charts:
        root = ElementTree.fromstring(chart)
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert "nan" not in chart.lower()


def test_tables_have_captions_and_headers(page: Page) -> None:
    tables = page.all("table")
    assert len(tables) == len(page.all("caption"))
    assert len(page.all("th", scope="col")) > len(tables)
    assert len(page.all("figure")) == len(page.all("figcaption"))


def test_links_lead_to_sections(page: Page) -> None:
    ids = {found["id"] for found in page.all("section")}
    assert {f"#{id}" for id in ids} == {found["href"] for found in page.all("a")}
    assert ids >= {"sets", "confusion", "calibration", "threshold", "rejection", "faults", "errors"}


def test_names_are_escaped(source: str, page: Page) -> None:
    assert "marker & more" not in source
    assert "marker & more" in page.text
    assert "<plain>" in page.text


def test_a_missed_mark_is_shown(page: Page) -> None:
    assert page.all("span", **{"class": "pill missed"})
    assert any("miss it" in text for text in page.text)


def test_a_refused_digit_is_an_error_with_its_first_choice_in_brackets() -> None:
    readings = make_readings("pens", Family.PENS, count=4)
    readings.outcomes[2] = Outcome.NOT_A_DIGIT
    page = Page(build_page(make_evaluation(readings=(readings,))))
    assert "2 → (2)" in page.text


def test_a_page_without_data_still_has_its_figures() -> None:
    bare = {key: CARD[key] for key in ("sha256", "bytes", "parameters")}
    page = Page(build_page(make_evaluation(card=bare, readings=(), agreement=None)))
    assert page.all("span", **{"class": "pill unknown"})
    assert page.all("section", id="confusion") == []


def test_the_same_evaluation_gives_the_same_bytes(source: str, tmp_path: Path) -> None:
    path = tmp_path / "report" / "index.html"
    write_report(make_evaluation(), path)
    assert path.read_text(encoding="utf-8") == source
