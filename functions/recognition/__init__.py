"""Bytes of an image in, a `Recognition` out. Knows no AWS, no web framework and no environment."""
