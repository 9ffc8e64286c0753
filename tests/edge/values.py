"""`fill_in`: a template's references, with what they would stand for once it's deployed."""

import re
from collections.abc import Mapping
from typing import Any, Final

from tests.contract.gateway import STAGE

DEPLOYED: Final = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackId": (
        "arn:aws:cloudformation:eu-west-1:123456789012:stack/inkling/"
        "5d0c3a10-7b61-11f0-9a41-0a93e8deadbe"
    ),
    "AWS::StackName": "inkling",
    "AWS::URLSuffix": "amazonaws.com",
    "Api": "a1b2c3d4e5",
    "StageName": STAGE,
    "Uploads.DomainName": "inkling-uploads.s3.amazonaws.com",
    "Uploads.RegionalDomainName": "inkling-uploads.s3.eu-west-1.amazonaws.com",
}


def fill_in(node: Any, values: Mapping[str, str] = DEPLOYED) -> Any:
    """A part of a template, without references.

    What has no value stands for itself: its name is as good as any other.
    """
    if isinstance(node, list):
        return [fill_in(child, values) for child in node]
    if isinstance(node, dict):
        return _call({key: fill_in(child, values) for key, child in node.items()}, values)
    return node


def _call(node: dict[str, Any], values: Mapping[str, str]) -> Any:
    """What one of CloudFormation's functions makes of its arguments; any other object as it is."""
    match node:
        case {"Ref": str(name)}:
            return values.get(name, name)
        case {"Fn::GetAtt": [resource, attribute]}:
            return values.get(f"{resource}.{attribute}", f"{resource}.{attribute}")
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w.:]+)\}", lambda found: values.get(found[1], found[1]), text)
        case {"Fn::Select": [index, list(choices)]}:
            return choices[int(index)]
        case {"Fn::Split": [separator, text]}:
            return text.split(separator)
    return node
