"""`Rollback`: the way back to what answered before, noted before anything is changed."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from backlog.errors import read_code
from deployment.account import Account
from deployment.parameters import write_assignments
from deployment.stack import Stack


@dataclass(frozen=True, slots=True)
class Rollback:
    stack: str
    region: str
    function: str | None
    alias: str | None
    version: str | None
    """The version of the function that the alias led to."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The stack's, as they were."""

    def describe(self, has_version: bool, parameters: Mapping[str, str]) -> str:
        """The commands, the quickest first.

        Args:
            has_version: whether the version is still there.
            parameters: the stack's, as they are now.
        """
        lines = ["What is deployed stays as it is until you say otherwise."]
        if self.version and has_version:
            lines.append(
                f"The function as it was, within seconds:\n"
                f"  aws lambda update-alias --region {self.region} --function-name {self.function} "
                f"--name {self.alias} --function-version {self.version} "
                "--routing-config AdditionalVersionWeights={}"
            )
        elif self.version:
            before = {
                name: value
                for name, value in self.parameters.items()
                if name in parameters and parameters[name] != value
            }
            lines.append(
                f"The function's version {self.version}, which answered before, is gone: "
                "CloudFormation removes it where parameters alone have changed. Give them the "
                f"values that they had:\n  make deploy STACK={self.stack} "
                f"PARAMETERS={shlex.quote(write_assignments(before) or 'Name=value')}"
            )
        lines.append(
            "All of it as it was, page included: check out the version before, and\n"
            f"  make deploy STACK={self.stack}"
        )
        if self.version is None:
            lines.append(
                f"Or nothing of it, if this was the first time:\n  make destroy STACK={self.stack}"
            )
        return "\n".join(lines)


def describe_rollback(account: Account, rollback: Rollback, stack: Stack) -> str:
    """The way back that there is now, with the stack as it was deployed."""
    return rollback.describe(has_version(account, rollback), stack.parameters)


def has_version(account: Account, rollback: Rollback) -> bool:
    """Whether there is a version that answered before, and can do so again."""
    if rollback.version is None:
        return False
    try:
        account.connect("lambda").get_function_configuration(
            FunctionName=rollback.function, Qualifier=rollback.version
        )
    except ClientError as error:
        # Who may not ask is offered it: the command itself says if it's gone.
        return read_code(error) != "ResourceNotFoundException"
    return True


def find_rollback(account: Account, name: str, stack: Stack | None) -> Rollback:
    """The version that answers now; none where there is no stack yet, or no alias."""
    outputs = stack.outputs if stack else {}
    function, alias = outputs.get("ApiFunctionName"), outputs.get("ApiFunctionAlias")
    version = None
    if function and alias:
        try:
            found = account.connect("lambda").get_alias(FunctionName=function, Name=alias)
        except ClientError:  # it is only noted, and its lack keeps nobody from deploying
            found = {}
        version = found.get("FunctionVersion")
    parameters = stack.parameters if stack else {}
    return Rollback(name, account.region, function, alias, version, parameters)
