"""Drawings of digits, and of what is none: strokes, canvases, paper."""
