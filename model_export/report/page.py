"""`write_report`: the evaluation as one page of HTML that needs nothing beside itself."""

from collections import Counter
from pathlib import Path
from typing import Final

from model_export.files import write_whole
from model_export.report.charts import draw_rejection, draw_reliability, draw_threshold
from model_export.report.evaluation import Evaluation
from model_export.report.figures import Figure, Verdict, format_share, list_figures
from model_export.report.gallery import Gallery, build_gallery
from model_export.report.markup import element, escape
from model_export.report.tables import (
    tabulate_confusion,
    tabulate_digits,
    tabulate_faults,
    tabulate_figures,
    tabulate_making,
    tabulate_others,
)

_STYLE: Final = Path(__file__).with_name("page.css")


def write_report(evaluation: Evaluation, path: Path) -> None:
    """Write the page. The same evaluation gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, build_page(evaluation).encode())


def build_page(evaluation: Evaluation) -> str:
    figures = list_figures(evaluation)
    gallery = build_gallery(evaluation.readings)
    sections = [section for section in _list_sections(evaluation, gallery) if section[2]]
    links = (element("li", element("a", id.capitalize(), href=f"#{id}")) for id, _, _ in sections)
    body = (
        _head_page(evaluation, figures),
        element("nav", element("ul", *links), aria_label="Sections"),
        element("main", *(_frame(id, title, content) for id, title, content in sections)),
        element("footer", escape(_say_origin(evaluation))),
    )
    head = (
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", "Inkling: how well it reads"),
        # CSS is raw text in HTML, and has no "<" in it.
        f"<style>\n{_STYLE.read_text(encoding='utf-8')}{gallery.style}</style>",
    )
    # A number and its sign stay on one line.
    content = element("body", *body).replace(" %", "\u00a0%")
    page = element("html", element("head", *head), content, lang="en-GB")
    return f"<!doctype html>\n{page}\n"


def _list_sections(evaluation: Evaluation, gallery: Gallery) -> list[tuple[str, str, str]]:
    """Of each section: its id, its title, and what it holds; empty where nothing was measured."""
    return [
        (
            "sets",
            "Set by set",
            _join(
                "Right is the digit with the highest score, whatever the outcome; a digit on which "
                "no ink was found is wrong. Unsure and refused are what the thresholds made of it.",
                tabulate_digits(evaluation),
                tabulate_others(evaluation),
            ),
        ),
        (
            "confusion",
            "What is taken for what",
            _join(
                "On the diagonal what is right. The last column is what was refused or found "
                "blank.",
                _grid(tabulate_confusion(evaluation)),
            ),
        ),
        (
            "calibration",
            "Is the confidence true?",
            _join(
                "Of the answers at 90 % nine in ten should be right. Most answers lie at the right "
                "edge: the counts' scale is of powers of ten.",
                _grid(draw_reliability(evaluation)),
            ),
        ),
        (
            "threshold",
            "Asking for more confidence",
            _join(
                "Each step to the right cuts the doubt that is allowed to a tenth.",
                _grid(draw_threshold(evaluation)),
            ),
        ),
        (
            "rejection",
            "What is no digit",
            _join(
                "Letters and scribbles against the digits of MNIST's test set and of pens.",
                _grid(draw_rejection(evaluation)),
            ),
        ),
        (
            "faults",
            "One fault at a time",
            _join(
                "The warmer, the more are misread; from a half on it gets no warmer.",
                tabulate_faults(evaluation),
            ),
        ),
        (
            "making",
            "How it was made",
            element("p", escape(_say_training(evaluation)), class_="says")
            + _grid(tabulate_making(evaluation), "grid-of broad"),
        ),
        (
            "errors",
            "Every error",
            _join(
                f"All {gallery.count:,} of them, the surest of each set first. On the left what "
                "was sent, on the right what the model saw. “7 → 1” is a 7 read as 1, with its "
                "confidence; a refused digit has what it would have been in brackets; ∅ is what "
                "is no digit.",
                gallery.markup,
            ),
        ),
    ]


def _head_page(evaluation: Evaluation, figures: list[Figure]) -> str:
    card = evaluation.card
    return element(
        "header",
        element("p", "Inkling", class_="brand"),
        element("h1", "How well it reads"),
        element("p", _say_verdict(figures), class_="lead"),
        element(
            "p",
            f"Model {element('code', escape(str(card['sha256'])[:12]))}, "
            f"{card['bytes']:,} bytes, {card['parameters']:,} parameters. All of this is measured "
            "on the file that serves, by the code that serves.",
        ),
        tabulate_figures(figures),
    )


def _say_verdict(figures: list[Figure]) -> str:
    counts = Counter(figure.verdict for figure in figures)
    good = counts[Verdict.MET] + counts[Verdict.REACHED]
    said = f"{good} of {len(figures)} figures meet their mark"
    if counts[Verdict.REACHED]:
        said += f", {counts[Verdict.REACHED]} of them all that is reached for"
    if counts[Verdict.MISSED]:
        said += f"; {counts[Verdict.MISSED]} miss it"
    if counts[Verdict.NOT_MEASURED]:
        said += f"; {counts[Verdict.NOT_MEASURED]} not measured"
    return said + "."


def _say_training(evaluation: Evaluation) -> str:
    training = evaluation.card.get("training", {})
    parts = []
    if "command" in training:
        parts.append(f"Trained by “{training['command']}”.")
    if "seconds" in training:
        parts.append(f"It took {training['seconds'] / 60:.0f} minutes.")
    temperature = evaluation.card.get("temperature")
    if temperature is not None:
        parts.append(f"The scores' temperature is {temperature:.4g}.")
    for name, value in evaluation.card.get("thresholds", {}).items():
        parts.append(f"Called {name.replace('_', ' ')} {format_share(value)}.")
    return " ".join(parts)


def _say_origin(evaluation: Evaluation) -> str:
    versions = evaluation.card.get("versions", {})
    made = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Model {evaluation.card['sha256']}. {made}"


def _frame(id: str, title: str, content: str) -> str:
    heading = element("h2", title, id=f"{id}-title")
    return element("section", heading, content, id=id, aria_labelledby=f"{id}-title")


def _grid(parts: list[str], class_: str = "grid-of") -> str:
    return element("div", *parts, class_=class_) if parts else ""


def _join(text: str, *parts: str) -> str:
    """A section's first sentence and its parts, or nothing where it has none."""
    if not any(parts):
        return ""
    return element("p", escape(text), class_="says") + "".join(parts)
