"""Reads the images that come through a bucket. Knows `recognition` and `storage`, and no web."""
