"""What the API takes and answers, as pydantic models: the only ones, and only at this edge."""

from api.schemas.answers import Answer, BatchAnswer, ExplainedAnswer
from api.schemas.compatible import (
    CertainPrediction,
    CertainPredictionError,
    OcrAnswer,
    Prediction,
    PredictionError,
)
from api.schemas.records import (
    KeptRecognition,
    KeptRecognitions,
    LabelRequest,
    describe_finished,
    describe_page,
    describe_record,
)
from api.schemas.service import Example, Examples, Health, ModelCard, ProblemDetails, SystemInfo
from api.schemas.uploads import (
    PendingRecognition,
    UnreadableUpload,
    Upload,
    UploadRequest,
    describe_pending,
    describe_upload,
)

__all__ = [
    "Answer",
    "BatchAnswer",
    "CertainPrediction",
    "CertainPredictionError",
    "Example",
    "Examples",
    "ExplainedAnswer",
    "Health",
    "KeptRecognition",
    "KeptRecognitions",
    "LabelRequest",
    "ModelCard",
    "OcrAnswer",
    "PendingRecognition",
    "Prediction",
    "PredictionError",
    "ProblemDetails",
    "SystemInfo",
    "UnreadableUpload",
    "Upload",
    "UploadRequest",
    "describe_finished",
    "describe_page",
    "describe_pending",
    "describe_record",
    "describe_upload",
]
