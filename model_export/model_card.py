"""`write_model_card`: what a person should know of the model before relying on it (Mitchell 2019).

Every number comes from the evaluation and the model's own card.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from model_export.readings import Family
from model_export.report.charts import DIGIT_FAMILIES
from model_export.report.evaluation import REFUSED, Evaluation, is_right
from model_export.report.figures import (
    DIGITS_LOST,
    Figure,
    Verdict,
    format_share,
    format_value,
    list_figures,
)
from recognition.result import Outcome

_SOURCES: Final = (
    ("MNIST", "LeCun, Cortes", "scanned digits of 539 and 297 writers", "CC BY-SA 3.0"),
    ("QMNIST", "Yadav, Bottou", "who wrote each of MNIST's digits", "BSD"),
    ("Pen digits", "Alpaydin, Alimoglu; UCI", "digits that 30 people drew", "CC BY 4.0"),
    ("Omniglot", "Lake", "characters of other alphabets, drawn online", "MIT"),
)
_INTENDED: Final = """\
Reading one handwritten digit, 0 to 9, in one image: drawn with a mouse, a finger or a pen, scanned,
or photographed on paper. It says how sure it is, and whether there was a digit at all, so that
whoever asks can let a person look. It runs on a laptop, and in a function that costs nothing while
idle."""
_OUT_OF_SCOPE: Final = """\
- Numbers of several digits, and finding digits on a page: one image has one digit.
- Letters and other scripts' numerals. They should be refused; they are never read.
- Amounts of money, doses, votes, marks or identities without a person's check.
- Telling who wrote something, or anything else about a person by their hand.
- Digits on their side or upside down: a 6 turned round is a 9."""
_LIMITS: Final = """\
- MNIST's hands are those of American census workers and school pupils around 1990, and the pen
  digits are by 30 people. Ways of writing that neither has, such as those of other countries'
  schools, may be read worse, and these sets can't say by how much.
- Rejection is measured on few alphabets and on scribbles, and what people may send has no end. What
  looks like a digit is read as one: a round letter is a 0.
- Confidence is calibrated on the kind of images that were measured. It is not to be trusted on
  others.
- Fifteen of MNIST's test labels are known to be wrong. They count as errors here."""
_ETHICS: Final = """\
The data was published for research by the people who collected it; it holds no names, and we keep
nobody's strokes but theirs. A digit may still be part of something personal: what is sent to be
read is kept only where whoever runs Inkling says so. Writers unlike those measured may be misread
more often, and people with unsteady hands first: give them another way to say the number."""


def write_model_card(evaluation: Evaluation) -> str:
    """The card as Markdown."""
    card = evaluation.card
    parts = (
        "# Model card: Inkling's digits",
        f"Written by `python -m model_export report`; not by hand. Model `{card['sha256'][:12]}`, "
        f"{card['bytes']:,} bytes, {card['parameters']:,} parameters.",
        _section("Intended use", _INTENDED),
        _section("Out of scope", _OUT_OF_SCOPE),
        _section("What goes in, and what comes out", _describe_contract(card)),
        _section("Data and terms", _describe_data(card)),
        _section("How it was trained", _describe_training(card)),
        _section("Figures", _describe_figures(evaluation)),
        _section("Set by set", _describe_sets(evaluation)),
        _section("Confidence and thresholds", _describe_thresholds(evaluation)),
        _section("Limits", _LIMITS),
        _section("Ethical notes", _ETHICS),
        _section("Versions", _describe_versions(card)),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of text; the first column is words, the others are numbers."""
    marks = ["---", *(["---:"] * (len(head) - 1))]
    # A bar would end the cell.
    lines = ([cell.replace("|", "\\|") for cell in row] for row in (head, marks, *rows))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _describe_contract(card: Mapping[str, Any]) -> str:
    lines = [
        f"- {name.capitalize()}: {card[name]}." for name in ("input", "output") if name in card
    ]
    lines.append(
        "- Before it, any image is made grey, its ink found, fitted into 20×20 and centred by its "
        "mass in 28×28, as MNIST's digits were."
    )
    return "\n".join(lines)


def _describe_data(card: Mapping[str, Any]) -> str:
    lines = ["| set | by | what | terms |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in _SOURCES]
    split = card.get("validation", {}).get("split")
    if split == "writer":
        divided = "Training and validation are divided by writer: no hand is in both. "
    elif split is not None:
        divided = f"Training and validation are divided by {split}. "
    else:
        divided = ""
    parts = [
        "\n".join(lines),
        divided + "MNIST's test set and its writers choose nothing. The repository holds no data.",
    ]
    if data := card.get("data"):
        parts.append(
            "The files that were read, by their sha256:\n\n"
            + "\n".join(f"- `{name}` `{digest}`" for name, digest in data.items())
        )
    return "\n\n".join(parts)


def _describe_training(card: Mapping[str, Any]) -> str:
    training = card.get("training", {})
    parts = []
    if "command" in training:
        parts.append(f"```sh\n{training['command']}\n```")
    facts = {name: value for name, value in training.items() if name not in {"command", "plan"}}
    facts |= training.get("plan", {})
    if facts:
        rows = [(name.replace("_", " "), _show(value)) for name, value in facts.items()]
        parts.append(_table(("what", "value"), rows))
    if seeds := card.get("seeds"):
        rows_of_seeds = [
            (
                f"{seed['seed']}, kept" if seed.get("chosen") else str(seed["seed"]),
                _share(seed.get("mnist_accuracy")),
                _share(seed.get("validation_mean")),
            )
            for seed in seeds
        ]
        parts.append(
            "The same training from each seed, with validation as the mean of its sources, the "
            "non-digits among them:"
        )
        parts.append(_table(("seed", "MNIST test", "validation"), rows_of_seeds))
        if max(seeds, key=lambda seed: float(seed.get("validation_mean", 0))).get("chosen"):
            parts.append("The best on validation ships.")
    if ablation := card.get("ablation"):
        columns = ("mnist", "pens", "paper", "strangers")
        rows_of_parts = [
            (str(row["name"]), *(_share(row.get(column)) for column in columns)) for row in ablation
        ]
        parts.append("What each part is worth, with strangers as the share refused:")
        parts.append(_table(("trained", *columns), rows_of_parts))
    if quantization := card.get("quantization"):
        rows_of_ways = [
            (
                f"{row['name']}, kept" if row.get("chosen") else str(row["name"]),
                _share(row.get("accuracy")),
                _share(row.get("agreement")),
                _show(row.get("bytes")),
            )
            for row in quantization
        ]
        parts.append("Ways to eight bits, and how many answers are those of the float network:")
        parts.append(_table(("way", "accuracy", "agreement", "bytes"), rows_of_ways))
    return "\n\n".join(parts)


def _describe_figures(evaluation: Evaluation) -> str:
    figures = list_figures(evaluation)
    rows = [
        (
            figure.name,
            format_value(figure.value, figure.unit),
            format_value(figure.must, figure.unit),
            format_value(figure.reach, figure.unit),
            figure.verdict,
        )
        for figure in figures
    ]
    parts = [_table(("what", "measured", "must", "reach for", "verdict"), rows)]
    notes = [f"- {figure.name}: {figure.detail}." for figure in figures if figure.detail]
    parts.append("\n".join(notes))
    if missed := [figure for figure in figures if figure.verdict is Verdict.MISSED]:
        parts.append("Missed:\n\n" + "\n".join(map(_say_miss, missed)))
    return "\n\n".join(parts)


def _say_miss(figure: Figure) -> str:
    value, must = format_value(figure.value, figure.unit), format_value(figure.must, figure.unit)
    return f"- {figure.name}: {value} where {must} must be."


def _describe_sets(evaluation: Evaluation) -> str:
    """Every set but the single faults, which the report has."""
    rows = []
    for family in (Family.MNIST, Family.PENS, Family.PAPER, Family.STRANGERS, Family.BLANKS):
        for reading in evaluation.of(family):
            digits = family in DIGIT_FAMILIES
            right = format_share(float(is_right(reading).mean())) if digits else "–"
            rows.append(
                (
                    reading.samples.name,
                    f"{len(reading.samples):,}",
                    right,
                    format_share(reading.share(Outcome.UNCERTAIN)),
                    format_share(reading.share(*REFUSED)),
                )
            )
    if not rows:
        return ""
    return _table(("set", "samples", "right", "uncertain", "refused"), rows)


def _describe_thresholds(evaluation: Evaluation) -> str:
    thresholds = evaluation.card.get("thresholds", {})
    parts = [
        "Confidence is the highest of ten probabilities that sum to 1, and is meant to be true: of "
        "the answers at 90 %, nine in ten should be right. The calibration error above is how far "
        "it is from that, as the mean over 15 bins of equally many answers."
    ]
    if (temperature := evaluation.card.get("temperature")) is not None:
        parts.append(
            f"The logits are divided by {temperature:.4g} before the softmax, chosen on validation "
            "writers. It changes no digit, only how sure it is."
        )
    if (below := thresholds.get("uncertain_below")) is not None:
        parts.append(
            f"Under {format_share(below)} confidence an answer is called `uncertain`: probably "
            "that digit, but not to be relied on."
        )
    if (above := thresholds.get("not_a_digit_above")) is not None:
        parts.append(
            f"Over a strangeness of {above:.4g}, from 0 to 1, the answer is `not_a_digit`. "
            f"Rejection is measured where {format_share(DIGITS_LOST, 1)} of real digits are lost."
        )
    parts.append(
        "Where no ink is found on the paper, the answer is `blank`, and the network isn't asked. "
        "Thresholds are chosen on validation writers alone."
    )
    return "\n\n".join(parts)


def _describe_versions(card: Mapping[str, Any]) -> str:
    lines = [f"- sha256 `{card['sha256']}`"]
    lines += [f"- {name} {version}" for name, version in card.get("versions", {}).items()]
    if "command" in card:
        lines.append(f"- exported by `{card['command']}`")
    return "\n".join(lines)


def _show(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_show(part)}" for name, part in value.items())
    # A count has separators, a seed or a rate none worth the name.
    return f"{value:,}" if isinstance(value, int) else str(value)


def _share(value: Any) -> str:
    return "–" if value is None else format_share(float(value))
