"""What keeps a new version from being let on.

RehearsalError
├── WrongAnswer    the version answered, and not what it should
├── NoAnswer       the version broke off, or could not be called
├── OutOfTime      the version is too slow to be tried to the end
└── SettingsError  the rehearsal itself was set up wrong; it names the variable
"""


class RehearsalError(Exception):
    """A rehearsal did not come to a good end. Its text goes to the log."""


class WrongAnswer(RehearsalError):
    """A request was answered with another status, or another body, than is right."""


class NoAnswer(RehearsalError):
    """A request got none."""


class OutOfTime(RehearsalError):
    """The requests before this one took all of the rehearsal's time."""


class SettingsError(RehearsalError):
    """A setting can't be used."""
