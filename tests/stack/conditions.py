"""`choose`: what is left of a template once its conditions are decided."""

from typing import Any, Final

_NOTHING: Final = {"Ref": "AWS::NoValue"}


def choose(template: dict[str, Any], **values: str) -> dict[str, Any]:
    """What CloudFormation makes of a template's conditions, by the values of parameters.

    A parameter without a value has its default.
    """
    values = {
        name: parameter["Default"]
        for name, parameter in template["Parameters"].items()
        if "Default" in parameter
    } | values

    def holds(test: dict[str, Any]) -> bool:
        ((kind, operands),) = test.items()
        if kind == "Condition":
            return holds(template["Conditions"][operands])
        if kind == "Fn::Not":
            return not holds(operands[0])
        assert kind == "Fn::Equals", kind
        left, right = (values[side["Ref"]] if isinstance(side, dict) else side for side in operands)
        return bool(left == right)

    def decide(node: Any) -> Any:
        if isinstance(node, list):
            return [decided for child in node if (decided := decide(child)) != _NOTHING]
        if not isinstance(node, dict):
            return node
        if "Fn::If" in node:
            condition, chosen, otherwise = node["Fn::If"]
            return decide(chosen if holds({"Condition": condition}) else otherwise)
        decided = {key: decide(child) for key, child in node.items()}
        return {key: child for key, child in decided.items() if child != _NOTHING}

    chosen = {key: part for key, part in template.items() if key != "Conditions"}
    chosen["Resources"] = {
        name: {key: part for key, part in resource.items() if key != "Condition"}
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds({"Condition": resource["Condition"]})
    }
    decided: dict[str, Any] = decide(chosen)
    return decided
