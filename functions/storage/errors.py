"""What can go wrong with what is kept.

    StorageError
    ├── StorageUnavailable   the store can't be opened, reached, read or written
    ├── StoreTooNew          a later version of this program wrote it
    ├── InvalidKey           an image's key is not one that a store may use
    ├── InvalidCursor        a page was asked for after what is no position
    ├── IdTaken              another image is kept under an id
    └── UploadRefused        an upload's form does not let an image in
        ├── FormForbidden    nobody here signed it, or too long ago
        ├── UploadTooLarge   the image has more bytes than the form says
        └── UploadEmpty      it has none

The messages name the store, for the log and for whoever starts the server. They are not for the
people who send images; those of the last three alone are for whoever sent the cursor, the id or the
form.
"""


class StorageError(Exception):
    """Any failure of a store."""


class StorageUnavailable(StorageError):
    """The store can't be opened, reached, read or written; later, it may be."""


class StoreTooNew(StorageError):
    """The store has a schema that this version doesn't know."""


class InvalidKey(StorageError, ValueError):
    """An image's key could lead out of the store, or not be the same in every store."""


class InvalidCursor(StorageError, ValueError):
    """A cursor is none that a store has given."""


class IdTaken(StorageError):
    """Under an id that somebody chose, another image is kept."""


class UploadRefused(StorageError):
    """An upload's form does not let an image in."""


class FormForbidden(UploadRefused):
    """A form is not as it was signed, or has expired."""


class UploadTooLarge(UploadRefused):
    """An upload has more bytes than its form says."""


class UploadEmpty(UploadRefused):
    """An upload has no bytes."""
