"""The whole stack, as SAM expands it, made by moto's CloudFormation as far as that goes.

    PYTHONPATH=.:functions .venv/bin/python -m tests.stack.deploying

lists what is made of it and what is not, once as by default and once with everything on.
"""

import io
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.stack.abridging import abridge
from tests.stack.choices import EVERYTHING, set_parameters
from tests.stack.cloud import REGION, connect, read_template, start_moto
from tests.stack.conftest import TEMPLATE, expand

NO_TYPE: Final = "moto's CloudFormation has no such type"
NO_ALIAS: Final = "it names the alias, which moto's CloudFormation does not make"
NO_METHODS: Final = "moto's CloudFormation reads no Body, and so the API has no methods to deploy"

NOT_MADE: Final = {
    "AWS::ApiGateway::Account": NO_TYPE,
    "AWS::ApiGateway::ApiKey": NO_TYPE,
    "AWS::ApiGateway::Deployment": NO_METHODS,
    "AWS::ApiGateway::Stage": NO_TYPE,
    "AWS::ApiGateway::UsagePlan": NO_TYPE,
    "AWS::ApiGateway::UsagePlanKey": NO_TYPE,
    "AWS::Budgets::Budget": NO_TYPE,
    "AWS::CloudFront::Distribution": NO_TYPE,
    "AWS::CloudFront::Function": NO_TYPE,
    "AWS::CloudFront::OriginAccessControl": NO_TYPE,
    "AWS::CloudFront::OriginRequestPolicy": NO_TYPE,
    "AWS::CloudFront::ResponseHeadersPolicy": NO_TYPE,
    "AWS::CloudWatch::Alarm": NO_TYPE,
    "AWS::CodeDeploy::Application": NO_TYPE,
    "AWS::CodeDeploy::DeploymentGroup": NO_TYPE,
    "AWS::Lambda::Alias": NO_TYPE,
    "AWS::Lambda::Permission": NO_ALIAS,
    "AWS::Logs::MetricFilter": NO_TYPE,
    "AWS::S3::BucketPolicy": NO_TYPE,
    "AWS::SNS::TopicPolicy": NO_TYPE,
    "AWS::SQS::QueuePolicy": NO_TYPE,
    "AWS::WAFv2::WebACL": NO_TYPE,
    "AWS::WAFv2::WebACLAssociation": NO_TYPE,
}
"""Types of resources that moto leaves out, or fails at, each with its reason: moto 5.2.5."""


@dataclass(frozen=True, slots=True)
class Deployment:
    endpoint: str
    template: dict[str, Any]
    """What CloudFormation was to make: its conditions are decided."""
    ids: dict[str, str]
    """Of each resource that was made, by its name in the template."""
    outputs: dict[str, str]

    @property
    def left_out(self) -> dict[str, str]:
        """Each resource that was not made, and its type."""
        return {
            name: resource["Type"]
            for name, resource in self.template["Resources"].items()
            if name not in self.ids
        }


def deploy(endpoint: str, expanded: dict[str, Any], name: str, **values: str) -> Deployment:
    """Make a stack of an expanded template with these parameters, all through HTTP."""
    if "HostedZoneId" in values:
        zone = connect(endpoint, "route53").create_hosted_zone(
            Name=values["DomainName"], CallerReference=name
        )
        values["HostedZoneId"] = zone["HostedZone"]["Id"].rpartition("/")[2]
    template = set_parameters(expanded, values)
    _upload_packages(endpoint, template)
    left_out = {n for n, each in template["Resources"].items() if each["Type"] in NOT_MADE}
    cloudformation = connect(endpoint, "cloudformation")
    cloudformation.create_stack(
        StackName=name, TemplateBody=json.dumps(_adapt(abridge(template, left_out)))
    )
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack.get("StackStatusReason")
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    ids = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for page in pages
        for each in page["StackResourceSummaries"]
    }
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    return Deployment(endpoint, template, ids, outputs)


def _upload_packages(endpoint: str, template: dict[str, Any]) -> None:
    """What sam deploy does first. moto asks for the object, and looks no further."""
    s3 = connect(endpoint, "s3")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("empty.py", "")
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            code = resource["Properties"]["Code"]
            if code["S3Bucket"] not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
                s3.create_bucket(
                    Bucket=code["S3Bucket"],
                    CreateBucketConfiguration={"LocationConstraint": REGION},
                )
            s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=content.getvalue())


def _adapt(template: dict[str, Any]) -> dict[str, Any]:
    """What moto needs beyond AWS. And it reads no rules."""
    resources = {
        name: {**resource, "Properties": {**resource.get("Properties", {}), **_add(resource)}}
        for name, resource in template["Resources"].items()
    }
    return {key: part for key, part in template.items() if key != "Rules"} | {
        "Resources": resources
    }


def _add(resource: dict[str, Any]) -> dict[str, Any]:
    """An API's name outside its Body, and a machine's definition itself: moto fetches none."""
    properties = resource.get("Properties", {})
    match resource["Type"]:
        case "AWS::ApiGateway::RestApi":
            return {"Name": properties["Body"]["info"]["title"]}
        case "AWS::StepFunctions::StateMachine":
            written = read_template()["Resources"]["Backlog"]["Properties"]
            text = (TEMPLATE.parent / written["DefinitionUri"]).read_text(encoding="utf-8")
            return {"DefinitionString": {"Fn::Sub": [text, properties["DefinitionSubstitutions"]]}}
    return {}


def main() -> None:
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": REGION}
    expanded = expand(TEMPLATE, environment)["expanded"]
    with tempfile.TemporaryDirectory() as folder, start_moto(Path(folder)) as endpoint:
        for name, values in {"inkling": {}, "inkling-everything": EVERYTHING}.items():
            deployment = deploy(endpoint, expanded, name, **values)
            kinds = {n: each["Type"] for n, each in deployment.template["Resources"].items()}
            print(f"{name}: {len(deployment.ids)} made of {len(kinds)}")
            for resource, identity in deployment.ids.items():
                print(f"  {resource:32} {kinds[resource]:34} {identity}")
            print("not made:")
            for resource, kind in deployment.left_out.items():
                print(f"  {resource:42} {kind:40} {NOT_MADE[kind]}")


if __name__ == "__main__":
    main()
