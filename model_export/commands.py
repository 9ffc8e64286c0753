"""What each command does, from its options: the stages, wired together."""

import argparse
import dataclasses
import hashlib
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import tensorflow as tf

from model_export.ablation import ablate_rules, ablate_training
from model_export.corpus import Corpus, Source
from model_export.data import Data, read_data
from model_export.dataset import find_folder, normalize_digits, read_mnist
from model_export.errors import ExportError
from model_export.evaluate import Comparison, check_gates, read_sets, time_inference
from model_export.examples import write_examples
from model_export.explore import describe_counts, write_pictures
from model_export.export import TestDigits, compare_on, export_model
from model_export.files import write_json, write_whole
from model_export.history import (
    TrainingHistory,
    choose_best,
    copy_trained,
    hash_file,
    list_versions,
    load_trained,
    write_history,
)
from model_export.icons import write_icons
from model_export.model_card import write_model_card
from model_export.pantry import stock_corpora
from model_export.plan import Gates, TrainingPlan
from model_export.report.evaluation import Evaluation
from model_export.report.figures import list_figures
from model_export.report.page import write_report
from model_export.report.table import format_sets, format_table
from model_export.sets import prepare_sets
from model_export.symbols import write_symbols
from model_export.train import save_weights_alone, train_model
from recognition.card import CARD_FILE, ModelCard, load_model
from recognition.errors import ModelError

_PAGE: Final = Path(__file__).parents[1] / "frontend"
_EXAMPLES: Final = _PAGE / "examples"
_SYMBOLS: Final = _PAGE / "digits.svg"
_ICONS: Final = _PAGE / "icons"
_PICTURES_SEED: Final = 1
NETWORK: Final = "digits.keras"


def explore(options: argparse.Namespace) -> None:
    mnist = read_mnist(find_folder(options.data), verify=not options.unverified)
    print(describe_counts(mnist))
    for file in write_pictures(mnist, options.pictures, _PICTURES_SEED):
        print(f"wrote {file}")


def compose(options: argparse.Namespace) -> None:
    for name, corpus in zip(
        ("training", "validation"), _stock(options, _read(options)), strict=True
    ):
        counts = ", ".join(f"{count:,} {source}" for source, count in _count(corpus).items())
        print(f"{name}: {counts}")


def train(options: argparse.Namespace) -> None:
    folder = options.training / f"seed-{options.seed}"
    path = options.keras or folder / NETWORK
    data = _read(options)
    plan = TrainingPlan(
        seed=options.seed,
        epochs=options.epochs,
        epoch_size=options.epoch_size,
        batch_size=options.batch_size,
        width=options.width,
    )
    training, validation = _stock(options, data)
    trained = train_model(training, validation, plan, folder)
    save_weights_alone(trained.model, plan, path)
    history = TrainingHistory(
        plan=dataclasses.asdict(plan),
        split=data.split,
        pictures={"training": _count(training), "validation": _count(validation)},
        corpus=hashlib.sha256(training.pixels.tobytes()).hexdigest(),
        data=data.checksums,
        epochs=trained.log,
        versions=list_versions(),
        command=_command(
            "train",
            seed=plan.seed,
            epochs=plan.epochs,
            epoch_size=plan.epoch_size,
            batch_size=plan.batch_size,
            width=plan.width,
            pictures_share=options.pictures_share,
        ),
        sha256=hash_file(path),
    )
    write_history(path, history)
    figures = ", ".join(f"{source} {share:.2%}" for source, share in history.validation.items())
    print(f"wrote {path}; of validation's pictures: {figures}")


def export(options: argparse.Namespace) -> None:
    model, history = load_trained(options.keras)
    data = _read(options)
    if (data.split, data.checksums) != (history.split, history.data):
        raise ExportError(f"{options.keras} was trained on other data, or split in another way.")
    training, validation = _stock(options, data)
    card = export_model(
        model,
        history,
        training=training,
        validation=validation,
        test=_normalize_test(data),
        seeds=[load_trained(path) for path in _find_seeds(options)],
        gates=_gates(options),
        folder=options.model,
        command=_command(
            "export", min_accuracy=options.min_accuracy, min_agreement=options.min_agreement
        ),
    )
    print(f"wrote {options.model}: {card['bytes']:,} bytes, sha256 {card['sha256'][:12]}…")


def ablate(options: argparse.Namespace) -> None:
    """Measure what each part is worth, and put it on the card."""
    model, history = load_trained(options.keras)
    data = _read(options)
    rows = ablate_rules(model, data)
    if options.retrain:
        rows += ablate_training(*_stock(options, data), data)
    card = _load_card(options)[1].details  # only now: the trainings take a while
    if card["training"]["keras_sha256"] != history.sha256:
        raise ExportError(f"The model in {options.model} was not exported from {options.keras}.")
    write_json(options.model / CARD_FILE, {**card, "ablation": rows})
    for row in rows:
        figures = (f"{k} {v:.2%}" for k, v in row.items() if isinstance(v, float))
        print(f"{row['name']:40} {', '.join(figures)}")


def evaluate(options: argparse.Namespace) -> None:
    """Measure the file that serves on every set; raises where it misses its gates."""
    evaluation, comparison = _evaluate(options)
    print(format_sets(evaluation))
    print()
    print(format_table(list_figures(evaluation)))
    check_gates(_gates(options), comparison)


def report(options: argparse.Namespace) -> None:
    """Measure as `evaluate` does, and put the figures on the card, the page and MODEL_CARD.md."""
    evaluation, _ = _evaluate(options)
    figures = list_figures(evaluation)
    print(format_table(figures))
    kept = [
        {"name": figure.name, "value": figure.value, "must": figure.must, "reach": figure.reach}
        for figure in figures
    ]
    write_json(options.model / CARD_FILE, {**evaluation.card, "figures": kept})
    options.report.parent.mkdir(parents=True, exist_ok=True)
    write_report(evaluation, options.report)
    write_whole(options.card, write_model_card(evaluation).encode())
    print(f"wrote {options.report} and {options.card}")


def run_all(options: argparse.Namespace) -> None:
    """From nothing to the report: a network of each seed, of which the best is exported."""
    steps = {
        "explore": explore,
        "compose": compose,
        "train": _train_seeds,
        "export": export,
        "ablate": ablate,
        "report": report,
    }
    for name, step in steps.items():
        print(f"\n== {name}")
        step(options)


def _train_seeds(options: argparse.Namespace) -> None:
    """Train a network of each seed at once, each in a process and on a core of its own: two threads
    make one training hardly faster. The best is kept as `--keras` says."""
    paths = [options.training / f"seed-{seed}" / NETWORK for seed in options.seeds]
    runs = [
        argparse.Namespace(**{**vars(options), "seed": seed, "keras": path})
        for seed, path in zip(options.seeds, paths, strict=True)
    ]
    workers = min(len(runs), os.cpu_count() or 1)
    # A fresh process: TensorFlow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _use_one_thread) as pool:
        for _ in pool.map(train, runs):  # raises what one of them raised
            pass
    best = choose_best(paths)
    copy_trained(best, options.keras)
    print(f"wrote {options.keras}, from {best}: the best on validation")


def _use_one_thread() -> None:
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def draw_examples(_: argparse.Namespace) -> None:
    files = write_examples(_EXAMPLES)
    write_symbols(_SYMBOLS)
    icons = write_icons(_ICONS)
    print(f"wrote {len(files)} digits to {_EXAMPLES}, and {_SYMBOLS.name} beside it")
    print(f"wrote {len(icons)} icons to {_ICONS}")


def _read(options: argparse.Namespace) -> Data:
    return read_data(options.data, verify=not options.unverified)


def _stock(options: argparse.Namespace, data: Data) -> tuple[Corpus, Corpus]:
    return stock_corpora(data, options.training, options.pictures_share)


def _find_seeds(options: argparse.Namespace) -> list[Path]:
    return sorted(options.training.glob(f"seed-*/{NETWORK}"))


def _count(corpus: Corpus) -> dict[str, int]:
    counts = {source.name.lower(): int((corpus.sources == source).sum()) for source in Source}
    return {source: count for source, count in counts.items() if count}


def _normalize_test(data: Data) -> TestDigits:
    test = data.mnist.test
    return TestDigits(normalize_digits(test, progress="normalising test"), test)


def _evaluate(options: argparse.Namespace) -> tuple[Evaluation, Comparison]:
    quantized, card = _load_card(options)
    model, history = load_trained(options.keras)
    if card.details["training"]["keras_sha256"] != history.sha256:
        raise ExportError(f"The model in {options.model} was not exported from {options.keras}.")
    data = _read(options)
    comparison = compare_on(model, quantized, _normalize_test(data))
    sets = prepare_sets(data.mnist.test, data.test_pens, data.unseen)
    evaluation = Evaluation(
        card=card.details,
        readings=tuple(read_sets(quantized, card, sets)),
        agreement=comparison.agreement,
        microseconds=time_inference(quantized),
    )
    return evaluation, comparison


def _load_card(options: argparse.Namespace) -> tuple[bytes, ModelCard]:
    try:
        return load_model(options.model)
    except ModelError as error:
        raise ExportError(str(error)) from error


def _gates(options: argparse.Namespace) -> Gates:
    return Gates(options.min_accuracy, options.min_agreement)


def _command(name: str, **options: object) -> str:
    """The command that does this again, with every option that decides its outcome."""
    flags = " ".join(f"--{key.replace('_', '-')} {value}" for key, value in options.items())
    return f"python -m model_export {name} {flags}"
