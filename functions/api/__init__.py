"""The HTTP API. FastAPI everywhere; Mangum, and with it AWS, in `handler.py` alone."""
