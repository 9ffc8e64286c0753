"""The command line: `python -m model_export COMMAND`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from model_export.errors import ExportError
from model_export.plan import Gates, TrainingPlan

_MODEL_EXPORT: Final = Path(__file__).parent
_BUILD: Final = Path("build")

COMMANDS: Final = {
    "explore": "count the classes and draw samples, histogram and means",
    "compose": "make the pictures that train and validate",
    "train": "train one network, or continue a training that stopped",
    "export": "quantize the network and write it with its card, if it passes the gates",
    "ablate": "measure what each rule, and each part of the training, is worth",
    "evaluate": "measure the model that serves on every set, in one table",
    "report": "the same as an HTML page with every error, and as MODEL_CARD.md",
    "all": "explore, train a network of each seed, export the best, ablate and report",
    "examples": "draw the page's ten example digits, and its icons",
    "labels": "write what people corrected as a training set",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = build_parser().parse_args(arguments)
    run = _find_command(options.command)
    try:
        run(options)
    except ExportError as error:
        print(f"model_export: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("model_export: stopped; the same command continues.", file=sys.stderr)
        return 130
    return 0


def _find_command(name: str) -> Callable[[argparse.Namespace], None]:
    if name == "labels":
        from model_export.labels import run_labels  # noqa: PLC0415

        return run_labels
    # TensorFlow takes seconds to import and greets at length: only a command that is really run,
    # and has a use for it, pays for it.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from model_export import commands  # noqa: PLC0415

    return {
        "explore": commands.explore,
        "compose": commands.compose,
        "train": commands.train,
        "export": commands.export,
        "ablate": commands.ablate,
        "evaluate": commands.evaluate,
        "report": commands.report,
        "all": commands.run_all,
        "examples": commands.draw_examples,
    }[name]


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model_export",
        description="From handwritten digits to the quantized model that serves.",
    )
    subparsers = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    network = (_add_data, _add_keras, _add_model, _add_gates)
    options = {
        "explore": (_add_data, _add_pictures),
        "compose": (_add_data, _add_corpora),
        "train": (_add_data, _add_corpora, _add_plan, _add_run),
        "export": (*network, _add_corpora),
        "ablate": (_add_data, _add_keras, _add_model, _add_corpora, _add_retrain),
        "evaluate": network,
        "report": (*network, _add_report),
        "all": (
            *network,
            *(_add_corpora, _add_plan, _add_seeds, _add_pictures, _add_retrain, _add_report),
        ),
        "examples": (),
        "labels": (_add_labels,),
    }
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        for add_options in options[name]:
            add_options(subparser)
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        default=argparse.SUPPRESS,
        help="that holds MNIST's four gzipped IDX files, itself or in its folder `mnist`, and the "
        "folders `pendigits` and `omniglot` (default: download MNIST to data/mnist)",
    )
    parser.set_defaults(data=None)
    parser.add_argument(
        "--unverified",
        action="store_true",
        help="take files of the same form that are not MNIST's own",
    )


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pictures",
        type=Path,
        default=_BUILD / "explore",
        metavar="FOLDER",
        help="to write the pictures to",
    )


def _add_corpora(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--training",
        type=Path,
        default=_BUILD / "training",
        metavar="FOLDER",
        help="keeps the pictures, and a folder for each network to continue from",
    )
    parser.add_argument(
        "--pictures-share",
        type=_share,
        default=1.0,
        help="make so much less of every picture but MNIST's, 0 to 1",
    )


def _add_plan(parser: argparse.ArgumentParser) -> None:
    plan = TrainingPlan()
    parser.add_argument("--epochs", type=_positive, default=plan.epochs, help="rounds")
    parser.add_argument(
        "--epoch-size", type=_positive, default=plan.epoch_size, help="pictures in an epoch"
    )
    parser.add_argument(
        "--batch-size", type=_positive, default=plan.batch_size, help="pictures in a step"
    )
    parser.add_argument(
        "--width", type=_positive, default=plan.width, help="channels of the first convolution"
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=int, default=TrainingPlan().seed, help="of every random choice"
    )
    parser.add_argument(
        "--keras",
        type=Path,
        default=None,
        metavar="FILE",
        help="to write the network to (default: in its own folder of --training)",
    )


def _add_seeds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seeds",
        type=int,
        nargs="+",
        default=[1, 2, 3],
        help="of the networks, of which the best on validation is exported",
    )


def _add_retrain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--retrain",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="train short runs without each part of the corpus too",
    )


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        type=Path,
        default=_BUILD / "report.html",
        metavar="FILE",
        help="the page to write",
    )
    parser.add_argument(
        "--card",
        type=Path,
        default=_MODEL_EXPORT.parent / "MODEL_CARD.md",
        metavar="FILE",
        help="the model card to write",
    )


def _add_keras(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keras",
        type=Path,
        default=_MODEL_EXPORT / "digits.keras",
        metavar="FILE",
        help="the trained network, where `all` puts the best; its history is beside it as JSON",
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        type=Path,
        default=_MODEL_EXPORT.parent / "functions" / "recognition" / "model",
        metavar="FOLDER",
        help="of digits.tflite and digits.json",
    )


def _add_gates(parser: argparse.ArgumentParser) -> None:
    gates = Gates()
    parser.add_argument(
        "--min-accuracy",
        type=_share,
        default=gates.min_accuracy,
        help="of int8 on the test set, 0 to 1",
    )
    parser.add_argument(
        "--min-agreement",
        type=_share,
        default=gates.min_agreement,
        help="of int8 with float, 0 to 1",
    )


def _add_labels(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--api",
        required=True,
        metavar="URL",
        default=argparse.SUPPRESS,
        help="of the running API; the environment variable INKLING_API_KEY holds its key",
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FOLDER",
        default=argparse.SUPPRESS,
        help="to write the training set to, in place of an earlier one",
    )
    parser.add_argument(
        "--untrusted",
        action="store_true",
        help="take labels that came without a key too",
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
