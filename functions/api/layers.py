"""`list_layers`: what every request goes through on its way to the routes."""

from starlette.middleware import Middleware
from starlette.types import ASGIApp

from api.body_budget import BodyBudget
from api.logs import RequestLog
from api.middleware import HeadAsGet, LastResort, ResponseHeaders, RootSlash


def list_layers(*, rate_limit: int | None = None, compress: bool = False) -> list[Middleware]:
    """The layers, from the outermost. What a server in the cloud has no use for is not imported.

    Args:
        rate_limit: see `create_app`, for this and the other.
    """
    compressing, limiting = [], []
    if compress:
        from api.compression import CompressFiles  # noqa: PLC0415

        compressing = [Middleware(CompressFiles)]
    if rate_limit is not None:
        from api.rate_limit import RateLimit  # noqa: PLC0415

        limiting = [Middleware(RateLimit, per_minute=rate_limit)]
    return [
        Middleware(ResponseHeaders),
        Middleware(RequestLog),
        *compressing,
        Middleware(HeadAsGet),
        Middleware(LastResort),
        *limiting,
        Middleware(RootSlash),
        Middleware(BodyBudget),
    ]


def surround(app: ASGIApp) -> ASGIApp:
    """An application within the layers."""
    for layer in reversed(list_layers()):
        app = layer.cls(app, *layer.args, **layer.kwargs)
    return app
