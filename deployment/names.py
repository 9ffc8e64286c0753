"""`check_name`: whether a stack's name leaves room for the names that the template makes of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from deployment.errors import BadName

LONGEST: Final = {
    "AWS::CloudFront::Function": 64,
    "AWS::CloudFront::OriginAccessControl": 64,
    "AWS::Serverless::StateMachine": 80,
}
"""How many characters a name may have, by the type of what has it: the API references of CloudFront
(CreateFunction, OriginAccessControlConfig) and Step Functions (CreateStateMachine)."""


def check_name(stack: str, region: str, template: Mapping[str, Any]) -> None:
    """Raises BadName for what CloudFormation would refuse, in part minutes later.

    What is made only with a parameter counts, too: it may be set later, and the name can't change.
    """
    if not re.fullmatch("[a-zA-Z][-a-zA-Z0-9]*", stack):
        raise BadName(f"{stack} is no name for a stack: it has letters, digits and hyphens alone.")
    for pattern, longest in list_names(template):
        name = fill(pattern, stack, region)
        if len(name) > longest:
            most = longest - len(fill(pattern, "", region))
            raise BadName(
                f"{stack} is too long a name for a stack in {region}, by {len(name) - longest}: it "
                f"may have {most} characters, as AWS takes at most {longest} for {name}"
            )


def list_names(template: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What `!Sub` makes a name of, with the characters that it may have, the least room first."""
    found = [
        (pattern, LONGEST[resource["Type"]])
        for resource in template["Resources"].values()
        if resource["Type"] in LONGEST
        for pattern in find_names(resource.get("Properties", {}))
    ]
    return sorted(found, key=lambda each: each[1] - len(each[0]))


def find_names(properties: Mapping[str, Any]) -> Iterator[str]:
    for name, value in properties.items():
        if name == "Name" and isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from find_names(value)


def fill(pattern: str, stack: str, region: str) -> str:
    return pattern.replace("${AWS::StackName}", stack).replace("${AWS::Region}", region)
