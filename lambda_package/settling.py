"""`python -m lambda_package.settling TEMPLATE NAME=VALUE`: make a parameter a fact.

A package is built for one processor, and `sam deploy` asks nobody for which: it takes the
parameter's default, or what the stack had before. So the template beside the package must leave no
choice. Runs in sam's own environment, after `sam build`.
"""

import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse


def main() -> None:
    path, assignment = Path(sys.argv[1]), sys.argv[2]
    name, _, value = assignment.partition("=")
    template = yaml_parse(path.read_text(encoding="utf-8"))
    del template["Parameters"][name]
    path.write_text(yaml_dump(settle(template, name, value)), encoding="utf-8")


def settle(node: Any, name: str, value: str) -> Any:
    """A part of a template with a value in the place of each reference to a parameter.

    `sam build` has already filled in the texts that hold one (`Fn::Sub`).
    """
    if node == {"Ref": name}:
        return value
    if isinstance(node, dict):
        # sam sorts the keys of other dictionaries.
        return OrderedDict((key, settle(child, name, value)) for key, child in node.items())
    if isinstance(node, list):
        return [settle(child, name, value) for child in node]
    return node


if __name__ == "__main__":
    main()
