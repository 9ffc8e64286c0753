"""`/api/model` and `/api/health`: which model answers, and that it does."""

from fastapi import FastAPI

from api.problem_examples import document_problems
from api.schemas import Health, ModelCard
from recognition.card import ModelCard as Card


def add_model(app: FastAPI, card: Card) -> None:
    details = ModelCard(**{**card.details, "version": card.version})
    health = Health(status="ok", model=card.sha256)

    @app.get(
        "/api/model", tags=["model"], summary="See the model's card", responses=document_problems()
    )
    async def read_model() -> ModelCard:
        return details

    @app.get(
        "/api/health",
        tags=["service"],
        summary="See that the API is up",
        responses=document_problems(),
    )
    async def read_health() -> Health:
        return health
