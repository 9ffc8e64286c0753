"""What the stack's parameters may be set to: all that is optional off, as by default, or on."""

from typing import Any, Final

from tests.stack.conditions import choose

EVERYTHING: Final = {
    "DomainName": "digits.example",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0",
    "HostedZoneId": "Z0123456789",
    "Firewall": "enabled",
    "Metering": "enabled",
    "SnapStart": "enabled",
    "ReservedConcurrency": "100",
    "Tracing": "enabled",
    "AlarmEmail": "operator@digits.example",
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms",
    "MonthlyBudget": "10",
    "AccessLogging": "enabled-with-role",
}
"""Parameters by which each condition of the template holds."""


def set_parameters(template: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """A template whose conditions are decided by these values, which become its defaults."""
    parameters = {
        name: {**parameter, **({"Default": values[name]} if name in values else {})}
        for name, parameter in template["Parameters"].items()
    }
    return choose({**template, "Parameters": parameters}, **values)
