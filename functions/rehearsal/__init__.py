"""Tries a new version of the API before anyone is sent to it. Knows it by its answers alone."""
