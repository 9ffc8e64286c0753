"""Why a command of the operator's ends, in a sentence that says what to do.

DeploymentError
├── UnknownStack      no such stack, or nothing of the kind in it
├── BadParameter      a parameter that the template does not have, or a value that it does not take
├── BadName           a name that no stack can have, or that is too long for what is made of it
├── NotConfirmed      nobody said yes
├── NotDeployable     the stack is in no state to be changed
├── NotRemovable      the stack can't be deleted, or not all of it
├── ToolFailed        make build or sam deploy failed, and said why
└── SmokeTestFailed   what is live does not do what it should

No access to AWS is `backlog.errors`' own.
"""


class DeploymentError(Exception):
    """A command that can't be carried out; the message says why, to who gave it."""


class UnknownStack(DeploymentError):
    """There is no such stack in this account and region, or it lacks what was asked for."""


class BadParameter(DeploymentError):
    """The template has no such parameter, or it takes no such value."""


class BadName(DeploymentError):
    """No stack can have this name, or nothing that the template names after it."""


class NotConfirmed(DeploymentError):
    """It was asked for a yes, and there was none."""


class NotDeployable(DeploymentError):
    """The stack is in a state that no deployment gets it out of."""


class NotRemovable(DeploymentError):
    """The stack is protected, or something of it would not go."""


class ToolFailed(DeploymentError):
    """`make build` or `sam deploy` failed; its own output, above this, says why."""


class SmokeTestFailed(DeploymentError):
    """What is deployed does not answer as it should."""
