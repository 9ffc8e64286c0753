"""Requests that Schemathesis makes up from the API's own description."""
