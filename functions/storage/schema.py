"""The schema of SQLite's file: the steps that made it what it is."""

from typing import Final

_FIRST: Final = (
    # An id sorts by time, so a table in the order of its ids needs no index on the time.
    """
    CREATE TABLE records (
        id TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,  -- ISO 8601
        outcome TEXT NOT NULL,
        digit INTEGER,
        confidence REAL NOT NULL,
        scores TEXT NOT NULL,  -- a JSON array
        model TEXT NOT NULL,
        image_key TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)

_LABELS_AND_EXPIRY: Final = (
    # What nobody kept: 0 for the digits, 1 for the rest.
    "ALTER TABLE records ADD COLUMN strangeness REAL NOT NULL DEFAULT 0",
    "UPDATE records SET strangeness = 1 WHERE digit IS NULL",
    # Seconds since 1970. The records so far were kept for good: from now on they get thirty days.
    "ALTER TABLE records ADD COLUMN expires_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE records SET expires_at = strftime('%s', 'now') + 30 * 24 * 60 * 60",
    "CREATE INDEX records_by_expiry ON records (expires_at)",
    "ALTER TABLE records ADD COLUMN label INTEGER",
    "ALTER TABLE records ADD COLUMN label_trusted INTEGER",
    "ALTER TABLE records ADD COLUMN labelled_at TEXT",  # ISO 8601
    "CREATE INDEX labelled_records ON records (id) WHERE label IS NOT NULL",
)

_UPLOADS: Final = (
    # A column that must have a value can't be told otherwise (SQLite's documentation of ALTER
    # TABLE, section 7): a new table takes the old one's place. Its indexes go with the old one.
    """
    CREATE TABLE records_with_uploads (
        id TEXT PRIMARY KEY,
        created_at TEXT NOT NULL,  -- ISO 8601
        expires_at INTEGER NOT NULL,  -- seconds since 1970
        outcome TEXT NOT NULL,  -- of a recognition, or: unreadable, pending
        digit INTEGER,
        confidence REAL,  -- this and the next four: of a recognition alone
        scores TEXT,  -- a JSON array
        model TEXT,
        image_key TEXT,
        strangeness REAL,
        label INTEGER,
        label_trusted INTEGER,
        labelled_at TEXT,  -- ISO 8601
        reason TEXT,  -- of what is unreadable
        upload_key TEXT,
        upload_version TEXT
    ) WITHOUT ROWID
    """,
    """
    INSERT INTO records_with_uploads
    SELECT id, created_at, expires_at, outcome, digit, confidence, scores, model, image_key,
        strangeness, label, label_trusted, labelled_at, NULL, NULL, NULL
    FROM records
    """,
    "DROP TABLE records",
    "ALTER TABLE records_with_uploads RENAME TO records",
    "CREATE INDEX records_by_expiry ON records (expires_at)",
    "CREATE INDEX labelled_records ON records (id) WHERE label IS NOT NULL",
)

MIGRATIONS: Final = (_FIRST, _LABELS_AND_EXPIRY, _UPLOADS)
"""What brings a file from each version to the next; `user_version` counts those it has had."""
