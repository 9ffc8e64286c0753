"""Drawings that people made, read from the files of those who collected them."""
