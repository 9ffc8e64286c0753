"""`Rollback`: the way back to what answered before, noted before anything is changed."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.stack import Stack


@dataclass(frozen=True, slots=True)
class Rollback:
    stack: str
    region: str
    function: str | None
    alias: str | None
    version: str | None
    """The version of the function that the alias led to."""

    def describe(self) -> str:
        """The commands, the quickest first."""
        lines = ["What is deployed stays as it is until you say otherwise."]
        if self.version:
            lines.append(
                f"The function as it was, within seconds:\n"
                f"  aws lambda update-alias --region {self.region} --function-name {self.function} "
                f"--name {self.alias} --function-version {self.version} "
                "--routing-config AdditionalVersionWeights={}"
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
    return Rollback(name, account.region, function, alias, version)
