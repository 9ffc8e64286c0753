"""`RunFolder`: what a training leaves behind to be continued from."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras

from model_export.errors import TrainingError
from model_export.files import write_whole
from model_export.plan import TrainingPlan


class RunFolder:
    """One run's checkpoint, its log, and what run it is."""

    def __init__(self, folder: Path, plan: TrainingPlan, data: bytes) -> None:
        """
        Args:
            data: what is trained on; of another run if it differs.
        """
        self._checkpoint = folder / "checkpoint.keras"
        self._identity = folder / "run.json"
        self._log = folder / "log.jsonl"
        self._run = {"plan": asdict(plan), "data": hashlib.sha256(data).hexdigest()}
        folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Make the folder this run's."""
        self._log.unlink(missing_ok=True)
        write_whole(self._identity, json.dumps(self._run, indent=2).encode())

    def resume(self) -> keras.Model | None:
        """The network and optimizer where the run stopped, or None before the first epoch's end.

        Raises:
            TrainingError: the folder is another run's, or its checkpoint is damaged.
        """
        if not self._checkpoint.exists():
            return None
        if not self._is_this_run():
            raise TrainingError(
                f"The checkpoint in {self._checkpoint.parent} is of another run. "
                "Remove that folder, or give another."
            )
        try:
            return keras.models.load_model(self._checkpoint)
        except (OSError, ValueError) as error:
            raise TrainingError(
                f"{self._checkpoint} can't be read; remove it to start again."
            ) from error

    def end_epoch(self, model: keras.Model, entry: dict[str, Any]) -> None:
        """Keep an epoch. The log comes first: an epoch without its checkpoint runs again, one
        without its line would be missing for good."""
        with self._log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        save_model(model, self._checkpoint)

    def read_log(self) -> list[dict[str, Any]]:
        """The entry of each epoch; of one that ran twice, the later."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return list({entry["epoch"]: entry for entry in map(json.loads, lines)}.values())

    def _is_this_run(self) -> bool:
        try:
            return bool(json.loads(self._identity.read_bytes()) == self._run)
        except (OSError, ValueError):
            return False


def save_model(model: keras.Model, path: Path) -> None:
    """Write a `.keras` file, whole or not at all."""
    part = path.with_name("part-" + path.name)  # Keras goes by the ending
    model.save(part)
    part.replace(path)
