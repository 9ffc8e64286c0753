"""One module for each format: what a decoder needs of its files, and nothing that it doesn't."""
