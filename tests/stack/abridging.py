"""`abridge`: a template without some of its resources, and words in place of references to them."""

import re
from collections.abc import Collection
from typing import Any


def abridge(template: dict[str, Any], left_out: Collection[str]) -> dict[str, Any]:
    """A template without the resources of these names, in which nothing refers to them."""

    def replace(node: Any) -> Any:
        if isinstance(node, list):
            return [replace(child) for child in node]
        if not isinstance(node, dict):
            return node
        if node.get("Ref") in left_out:
            return f"no-{node['Ref']}"
        if "Fn::GetAtt" in node:
            attribute = node["Fn::GetAtt"]
            name = (attribute.split(".") if isinstance(attribute, str) else attribute)[0]
            return f"no-{name}" if name in left_out else node
        if "Fn::Sub" in node and isinstance(node["Fn::Sub"], str):
            return {"Fn::Sub": re.sub(r"\$\{([A-Za-z0-9:.]+)\}", word, node["Fn::Sub"])}
        return {key: replace(child) for key, child in node.items()}

    def word(match: re.Match[str]) -> str:
        name = match[1].split(".")[0]
        return f"no-{name}" if name in left_out else match[0]

    resources = {}
    for name, resource in template["Resources"].items():
        if name in left_out:
            continue
        waits_for = resource.get("DependsOn", [])
        waits_for = [waits_for] if isinstance(waits_for, str) else waits_for
        resources[name] = replace(resource) | {
            "DependsOn": [each for each in waits_for if each not in left_out]
        }
    return {**template, "Resources": resources, "Outputs": replace(template.get("Outputs", {}))}
