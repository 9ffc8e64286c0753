"""Prints a SAM template, and what SAM makes of it, as JSON. Runs in sam's own environment:

.venv-stack/bin/python tests/stack/expand.py template.yaml
"""

import json
import sys
from pathlib import Path

from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse


class ManagedPolicies:
    """Takes the place of a call to AWS: the one managed policy that SAM gives every function."""

    def load(self) -> dict[str, str]:
        name = "AWSLambdaBasicExecutionRole"
        return {name: f"arn:aws:iam::aws:policy/service-role/{name}"}


text = Path(sys.argv[1]).read_text(encoding="utf-8")
validator = SamTemplateValidator(yaml_parse(text), ManagedPolicies(), region="eu-west-1")
expanded = yaml_parse(validator.get_translated_template_if_valid())
print(json.dumps({"template": yaml_parse(text), "expanded": expanded}))
