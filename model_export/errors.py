"""What stops the command line: each prints as one sentence and a non-zero exit.

ExportError
├── DataError     the training data is missing, damaged or can't be downloaded
├── TrainingError a run can't be continued or finished
└── GateError     the model is not good enough to be written
"""


class ExportError(Exception):
    """Any failure that the person at the command line can act on."""


class DataError(ExportError):
    """The data is not there, not whole, or not what it should be."""


class TrainingError(ExportError):
    """A checkpoint or a trained model can't be used."""


class GateError(ExportError):
    """A model misses a gate; nothing was written."""
