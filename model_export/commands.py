"""What each command does, from its options: the stages, wired together."""

import argparse
import dataclasses
import hashlib
from pathlib import Path
from typing import Final

from model_export.dataset import (
    Digits,
    Mnist,
    find_folder,
    normalize_digits,
    read_mnist,
    split_train,
)
from model_export.errors import ExportError
from model_export.evaluate import check_gates
from model_export.examples import write_examples
from model_export.explore import describe_counts, write_pictures
from model_export.export import (
    TrainingHistory,
    compare_on,
    export_model,
    list_versions,
    load_trained,
    write_history,
)
from model_export.plan import Gates, TrainingPlan
from model_export.train import Examples, save_weights_alone, train_model
from recognition.card import load_model
from recognition.errors import ModelError

_EXAMPLES: Final = Path(__file__).parents[1] / "frontend" / "examples"
_PICTURES_SEED: Final = 1


def explore(options: argparse.Namespace) -> None:
    mnist = _read(options)
    print(describe_counts(mnist))
    for file in write_pictures(mnist, options.pictures, _PICTURES_SEED):
        print(f"wrote {file}")


def train(options: argparse.Namespace) -> None:
    mnist = _read(options)
    plan = TrainingPlan(
        seed=options.seed,
        epochs=options.epochs,
        batch_size=options.batch_size,
        width=options.width,
    )
    training, validation, split = split_train(mnist, plan.seed)
    print(f"{len(training):,} digits train; {len(validation):,} validate, set apart by {split}")
    trained = train_model(
        _normalize(training, "training"),
        _normalize(validation, "validation"),
        plan,
        options.checkpoints,
    )
    save_weights_alone(trained.model, plan, options.keras)
    history = TrainingHistory(
        plan=dataclasses.asdict(plan),
        split=split,
        digits={"training": len(training), "validation": len(validation)},
        validation_accuracy=trained.log[-1]["validation_accuracy"],
        data=mnist.checksums,
        epochs=trained.log,
        versions=list_versions(),
        command=_command(
            "train",
            seed=plan.seed,
            epochs=plan.epochs,
            batch_size=plan.batch_size,
            width=plan.width,
        ),
        sha256=hashlib.sha256(options.keras.read_bytes()).hexdigest(),
    )
    write_history(options.keras, history)
    print(f"wrote {options.keras}: {history.validation_accuracy:.2%} of the validation digits")


def export(options: argparse.Namespace) -> None:
    model, history = load_trained(options.keras)
    mnist = _read(options)
    training, validation, split = split_train(mnist, history.plan["seed"])
    if (split, mnist.checksums) != (history.split, history.data):
        raise ExportError(f"{options.keras} was trained on other data, or split in another way.")
    card = export_model(
        model,
        history,
        training=_normalize(training, "training"),
        validation=_normalize(validation, "validation"),
        test=_normalize(mnist.test, "test"),
        gates=_gates(options),
        folder=options.model,
        command=_command(
            "export", min_accuracy=options.min_accuracy, min_agreement=options.min_agreement
        ),
    )
    print(f"wrote {options.model}: {card['bytes']:,} bytes, sha256 {card['sha256'][:12]}…")


def evaluate(options: argparse.Namespace) -> None:
    try:
        quantized, card = load_model(options.model)
    except ModelError as error:
        raise ExportError(str(error)) from error
    model, history = load_trained(options.keras)
    if card.details["training"]["keras_sha256"] != history.sha256:
        raise ExportError(f"The model in {options.model} was not exported from {options.keras}.")
    comparison = compare_on(model, quantized, _normalize(_read(options).test, "test"))
    validation = card.details["validation"]
    rows = (
        ("test digits", f"{comparison.count:,}"),
        ("float accuracy", f"{comparison.float_accuracy:.2%}"),
        ("int8 accuracy", f"{comparison.int8_accuracy:.2%}"),
        ("agreement of the two", f"{comparison.agreement:.2%}"),
        ("validation, on the card", f"{validation['int8_accuracy']:.2%}"),
        ("parameters", f"{model.count_params():,}"),
        ("bytes", f"{len(quantized):,}"),
        ("uncertain below", f"{card.uncertain_below:.2%}"),
    )
    for name, value in rows:
        print(f"{name:24} {value:>9}")
    check_gates(_gates(options), comparison)


def run_all(options: argparse.Namespace) -> None:
    for step in (explore, train, export, evaluate):
        print(f"\n== {step.__name__}")
        step(options)


def draw_examples(_: argparse.Namespace) -> None:
    files = write_examples(_EXAMPLES)
    print(f"wrote {len(files)} digits to {_EXAMPLES}")


def _read(options: argparse.Namespace) -> Mnist:
    return read_mnist(find_folder(options.data), verify=not options.unverified)


def _normalize(digits: Digits, name: str) -> Examples:
    return Examples(normalize_digits(digits, progress=f"normalising {name}"), digits.labels)


def _gates(options: argparse.Namespace) -> Gates:
    return Gates(options.min_accuracy, options.min_agreement)


def _command(name: str, **options: object) -> str:
    """The command that does this again, with every option that decides its outcome."""
    flags = " ".join(f"--{key.replace('_', '-')} {value}" for key, value in options.items())
    return f"python -m model_export {name} {flags}"
