"""Which resources of the stack cost something, and why the others do not."""

from typing import Final

PRICED: Final[dict[str, set[str]]] = {
    "AWS::ApiGateway::Stage": {"rest_api"},
    "AWS::CloudFront::Distribution": {
        *("cloudfront_requests", "cloudfront_out", "cloudfront_to_origin"),
    },
    "AWS::CloudFront::Function": {"cloudfront_functions"},
    "AWS::CloudWatch::Alarm": {"alarms"},
    "AWS::CloudWatch::Dashboard": {"dashboards"},
    "AWS::DynamoDB::Table": {
        *("dynamodb_writes", "dynamodb_reads", "dynamodb_storage", "dynamodb_recovery"),
    },
    "AWS::Events::Rule": {"s3_events"},
    "AWS::Lambda::EventSourceMapping": {"sqs_requests"},
    "AWS::Lambda::Function": {"lambda_requests", "lambda_arm64", "lambda_x86_64", "traces"},
    "AWS::Lambda::Version": {"snapstart_cache", "snapstart_restore"},
    "AWS::Logs::LogGroup": {"logs_in", "logs_kept"},
    "AWS::Logs::MetricFilter": {"metrics"},
    "AWS::S3::Bucket": {"s3_writes", "s3_reads", "s3_storage"},
    "AWS::SQS::Queue": {"sqs_requests"},
    "AWS::StepFunctions::StateMachine": {"transitions"},
    "AWS::WAFv2::WebACL": {"firewall_lists", "firewall_rules", "firewall_requests"},
}
"""Each type of resource, and the prices of the list that it is paid by."""

_SETTING: Final = "A setting; what it governs is paid for."

FREE: Final[dict[str, str]] = {
    "AWS::ApiGateway::Account": _SETTING,
    "AWS::ApiGateway::ApiKey": _SETTING,
    "AWS::ApiGateway::Deployment": "What the stage serves; calls are paid for there.",
    "AWS::ApiGateway::RestApi": "What the stage serves; calls are paid for there.",
    "AWS::ApiGateway::UsagePlan": _SETTING,
    "AWS::ApiGateway::UsagePlanKey": _SETTING,
    "AWS::Budgets::Budget": "A budget that only tells is free; an action would cost.",
    "AWS::CloudFront::CachePolicy": _SETTING,
    "AWS::CloudFront::OriginAccessControl": _SETTING,
    "AWS::CloudFront::OriginRequestPolicy": _SETTING,
    "AWS::CloudFront::ResponseHeadersPolicy": _SETTING,
    "AWS::CodeDeploy::Application": "CodeDeploy is free for Lambda.",
    "AWS::CodeDeploy::DeploymentGroup": "CodeDeploy is free for Lambda.",
    "AWS::IAM::Role": "IAM is free.",
    "AWS::Lambda::Alias": _SETTING,
    "AWS::Lambda::Permission": _SETTING,
    "AWS::Route53::RecordSetGroup": "Its zone is not the stack's; questions for an alias of "
    "CloudFront's are free.",
    "AWS::S3::BucketPolicy": _SETTING,
    "AWS::SNS::Topic": "A thousand mails a month are free: alarms send some.",
    "AWS::SNS::TopicPolicy": _SETTING,
    "AWS::SQS::QueuePolicy": _SETTING,
    "AWS::WAFv2::WebACLAssociation": "Paid with the web ACL.",
}
"""Each type of resource that costs nothing, and why."""
