"""Wildcards in a template's policies, wherever they hide.

Looked at is what is allowed: roles and whom they trust, the policies of buckets, queues, topics and
whatever else has statements, and what may invoke a function. What is denied may be as wide as it
likes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from tests.stack.conftest import Resources
from tests.stack.resources import walk

Kind = Literal["action", "resource", "principal", "condition", "exception", "managed", "unbound"]


@dataclass(frozen=True, slots=True)
class Wildcard:
    owner: str
    """The resource that has it, by its name in the template."""
    kind: Kind
    text: str
    """As the template has it, its functions as `${…}`."""


def find_wildcards(resources: Resources) -> set[Wildcard]:
    """Every wildcard of every policy, of both sides of a condition."""
    found = set()
    for owner, resource in resources.items():
        of_role = resource["Type"] == "AWS::IAM::Role"
        properties = resource.get("Properties", {})
        for statement in list_statements(properties):
            if statement["Effect"] != "Deny":
                found |= {
                    Wildcard(owner, kind, text)
                    for kind, text in _read(statement, resources, of_role)
                }
        for node in walk(properties):
            if isinstance(node, dict) and "ManagedPolicyArns" in node:
                found |= {
                    Wildcard(owner, "managed", render(each)) for each in node["ManagedPolicyArns"]
                }
        if resource["Type"] == "AWS::Lambda::Permission":
            found |= {Wildcard(owner, kind, text) for kind, text in _read_permission(properties)}
    return found


def list_statements(node: Any) -> list[dict[str, Any]]:
    """Every statement of every policy, however deep."""
    return [
        statement
        for each in walk(node)
        if isinstance(each, dict) and "Statement" in each
        for statement in as_list(each["Statement"])
        if "Effect" in statement  # a firewall's rules have statements, too
    ]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def render(node: Any) -> str:
    """What CloudFormation puts together, with `${…}` for what it knows better."""
    if not isinstance(node, dict):
        return str(node)
    ((function, value),) = node.items()
    if function == "Ref":
        return f"${{{value}}}"
    if function == "Fn::GetAtt":
        return f"${{{value if isinstance(value, str) else '.'.join(value)}}}"
    if function == "Fn::Join":
        glue, parts = value
        return str(glue).join(map(render, parts))
    if function == "Fn::Sub":
        text, values = value if isinstance(value, list) else (value, {})
        for name, part in values.items():
            text = text.replace(f"${{{name}}}", render(part))
        return str(text)
    raise AssertionError(f"a policy has {function}, which nobody has looked at")


SOURCES: Final = {"aws:SourceArn", "aws:SourceAccount", "AWS:SourceArn", "AWS:SourceAccount"}
"""Conditions by which a service acts for this stack alone, and not for whoever else asks it to."""


def _read(
    statement: dict[str, Any], resources: Resources, of_role: bool
) -> Iterator[tuple[Kind, str]]:
    for word in ("NotAction", "NotResource", "NotPrincipal"):
        if word in statement:
            yield "exception", word
    actions = sorted(as_list(statement.get("Action", [])))
    yield from (("action", action) for action in actions if _is_wide(action))
    for resource in as_list(statement.get("Resource", [])):
        text = render(resource) + _hidden(resource, resources)
        if text == "*":  # which is more or less, by what may be done
            text += " to " + ", ".join(actions)
        if _is_wide(text):
            yield "resource", text
    conditions = [
        (key, render(value))
        for test in statement.get("Condition", {}).values()
        for key, values in test.items()
        for value in as_list(values)
    ]
    yield from (("condition", f"{key} {value}") for key, value in conditions if _is_wide(value))
    bound = of_role or bool({key for key, _ in conditions} & SOURCES)
    for principal in _list_principals(statement):
        if _is_wide(principal):
            yield "principal", principal
        if principal.endswith(".amazonaws.com") and not bound:
            yield "unbound", principal


def _read_permission(properties: dict[str, Any]) -> Iterator[tuple[Kind, str]]:
    principal = render(properties["Principal"])
    if _is_wide(principal):
        yield "principal", principal
    if not {"SourceArn", "SourceAccount"} & properties.keys():
        yield "unbound", principal
    source = render(properties.get("SourceArn", ""))
    if _is_wide(source):
        yield "resource", source


def _list_principals(statement: dict[str, Any]) -> list[str]:
    principal = statement.get("Principal", [])
    if isinstance(principal, dict):
        return [render(each) for kind in principal.values() for each in as_list(kind)]
    return [render(each) for each in as_list(principal)]


def _is_wide(text: str) -> bool:
    return "*" in text or "?" in text


def _hidden(resource: Any, resources: Resources) -> str:
    """A log group's ARN ends in a star of its own."""
    if isinstance(resource, dict) and "Fn::GetAtt" in resource:
        name, _, attribute = render(resource)[2:-1].partition(".")
        if attribute == "Arn" and resources[name]["Type"] == "AWS::Logs::LogGroup":
            return ":*"
    return ""
