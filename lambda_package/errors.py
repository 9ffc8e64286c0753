class PackageError(Exception):
    """A package can't be built; the message says why."""
