"""The page's bucket, and the distribution before it and before the API."""

import json
import re
from typing import Any, Final

import pytest

from deployment.page import list_page_files
from tests.edge.distribution import Distribution, read_distribution
from tests.stack.conditions import choose
from tests.stack.conftest import PROJECT, Resources
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow

Documents = dict[str, dict[str, Any]]

BRANDED: Final = {
    "DomainName": "digits.example",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0f0e0d0c-0b0a",
    "HostedZoneId": "Z0123456789",
}

API_PATHS: Final = (
    "/api/recognitions",
    "/api/uploads",
    "/predict",
    "/predict/",
    "/ocr",
    "/ocr/",
    "/examples",
    "/examples/",
    "/docs",
    "/docs/",
    "/docs/swagger-ui-bundle.js",
    "/openapi.json",
)


def configure(documents: Documents, **parameters: str) -> dict[str, Any]:
    """The distribution's configuration, by the values of parameters."""
    chosen = choose(documents["expanded"], **parameters)["Resources"]
    (distribution,) = of_type(chosen, "AWS::CloudFront::Distribution")
    config: dict[str, Any] = distribution["DistributionConfig"]
    return config


def test_only_this_distribution_reads_the_page_s_bucket(expanded: Resources) -> None:
    _, *allowed = expanded["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    path = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    for statement in allowed:
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": path}}}
    assert {statement["Action"] for statement in allowed} == {"s3:GetObject", "s3:ListBucket"}


def test_distribution_signs_each_request_for_a_file(
    documents: Documents, expanded: Resources
) -> None:
    (control,) = of_type(expanded, "AWS::CloudFront::OriginAccessControl")
    config = control["OriginAccessControlConfig"]
    assert config["OriginAccessControlOriginType"] == "s3"
    assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")
    site, _ = configure(documents)["Origins"]
    assert site["OriginAccessControlId"] == {"Fn::GetAtt": ["SiteAccess", "Id"]}
    assert site["DomainName"] == {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]}


def test_list_of_the_bucket_never_goes_out(distribution: Distribution) -> None:
    """It may be listed, so that what is missing is missing; its root is the page's, though, and
    no query reaches it."""
    default = distribution.behaviours[-1]
    assert default.origin.is_bucket
    assert not default.forwards_all
    assert distribution.root == "index.html"


def test_new_protocols_and_addresses_are_spoken(documents: Documents) -> None:
    config = configure(documents)
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)


@pytest.mark.parametrize("path", API_PATHS)
def test_paths_of_the_api_go_to_the_api(distribution: Distribution, path: str) -> None:
    behaviour = distribution.find(path)
    assert behaviour.origin.domain == "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
    assert behaviour.origin.path == "/v1"
    reads = {"GET", "HEAD"}
    writes = {"OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
    is_documentation = path.startswith("/docs") or path == "/openapi.json"
    assert behaviour.methods == (reads if is_documentation else reads | writes)


def test_every_file_of_the_page_comes_from_the_bucket(distribution: Distribution) -> None:
    for path in ["/", *(f"/{file.key}" for file in list_page_files())]:
        assert distribution.find(path).origin.is_bucket, path


def test_every_address_that_the_page_asks_for_is_routed(distribution: Distribution) -> None:
    client = (PROJECT / "frontend/js/client.js").read_text()
    asked = {found.partition("?")[0] for found in re.findall(r'request\([`"]([^`"$]+)', client)}
    assert asked == {"api/recognitions", "api/recognitions/", "examples/", "static/test_digits/"}
    for path in asked:
        assert distribution.find(f"/{path}x").origin.is_bucket == path.startswith(("stat", "exam"))
    assert not distribution.find("/examples/").origin.is_bucket


def test_an_answer_about_an_image_is_never_kept_at_the_edge(distribution: Distribution) -> None:
    for behaviour in distribution.behaviours:
        if behaviour.origin.is_bucket or behaviour.pattern in ("/docs*", "/openapi.json"):
            # What the viewer sends makes no difference to what is kept for the next one.
            assert not behaviour.forwards_all
            assert behaviour.compresses
        else:
            assert not behaviour.caching.caches
            assert behaviour.forwards_all


def test_images_are_not_taken_in_the_clear(distribution: Distribution) -> None:
    for behaviour in distribution.behaviours:
        is_file = behaviour.caching.caches
        assert behaviour.protocol == ("redirect-to-https" if is_file else "https-only")


def test_errors_of_the_api_reach_who_asked(distribution: Distribution) -> None:
    assert not distribution.replaced_errors


def test_what_went_wrong_once_is_asked_for_again(distribution: Distribution) -> None:
    """CloudFront keeps these ten seconds unless told otherwise, and heeds no no-store (its guide,
    "Control how long CloudFront caches errors"); of 404, 410, 414 and 501 it does."""
    assert distribution.kept_errors == dict.fromkeys((500, 502, 503, 504), 0)


def test_api_s_own_headers_are_left_as_they_are(distribution: Distribution) -> None:
    for behaviour in distribution.behaviours:
        if not behaviour.origin.is_bucket:
            assert [header.name for header in behaviour.headers] == ["Strict-Transport-Security"]


def test_page_has_every_header_that_the_api_gives_it(distribution: Distribution) -> None:
    from starlette.datastructures import MutableHeaders

    from api.middleware import add_headers

    from_api = MutableHeaders()
    add_headers(from_api)
    at_edge = {header.name.lower(): header for header in distribution.find("/").headers}
    assert all(header.override for header in at_edge.values())
    for name, value in from_api.items():
        if name == "cache-control":
            continue  # with each file
        if name != "content-security-policy":
            assert at_edge[name].value == value
    assert at_edge["strict-transport-security"].value == "max-age=63072000"


def test_page_s_policy_allows_what_the_page_does_and_nothing_else(
    distribution: Distribution,
) -> None:
    headers = {header.name: header.value for header in distribution.find("/").headers}
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "connect-src": "'self' https://inkling-uploads.s3.eu-west-1.amazonaws.com"
        " https://inkling-uploads.s3.amazonaws.com",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "inkling",
    }


def test_api_is_told_that_the_stage_is_not_in_the_viewer_s_address(documents: Documents) -> None:
    _, api = configure(documents)["Origins"]
    told = {"HeaderName": "X-Forwarded-Prefix", "HeaderValue": "/"}
    assert told in api["OriginCustomHeaders"]
    assert api["OriginPath"] == {"Fn::Sub": "/${StageName}"}
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    # API Gateway's own patience is 29 s, and its answer of then has to be waited for.
    assert api["CustomOriginConfig"]["OriginReadTimeout"] > 29


def test_without_a_domain_there_is_none(documents: Documents) -> None:
    config = configure(documents)
    assert "Aliases" not in config
    assert config["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert "DomainRecords" not in choose(documents["expanded"])["Resources"]


def test_domain_of_one_s_own_has_its_certificate_and_its_records(documents: Documents) -> None:
    config = configure(documents, **BRANDED)
    assert config["Aliases"] == [{"Ref": "DomainName"}]
    assert config["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }
    records = choose(documents["expanded"], **BRANDED)["Resources"]["DomainRecords"]["Properties"]
    assert [record["Type"] for record in records["RecordSets"]] == ["A", "AAAA"]
    for record in records["RecordSets"]:
        assert record["AliasTarget"] == {
            "DNSName": {"Fn::GetAtt": ["Distribution", "DomainName"]},
            "HostedZoneId": "Z2FDTNDATAQYW2",
        }


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        (set(), set()),
        ({"DomainName", "CertificateArn"}, set()),
        ({"DomainName", "CertificateArn", "HostedZoneId"}, set()),
        ({"DomainName"}, {"DomainHasItsCertificate"}),
        ({"HostedZoneId"}, {"ZoneHasADomain"}),
        ({"CertificateArn"}, {"CertificateHasItsDomain"}),
        ({"CertificateArn", "HostedZoneId"}, {"CertificateHasItsDomain", "ZoneHasADomain"}),
    ],
)
def test_half_a_domain_is_refused_before_anything_is_made(
    documents: Documents, given: set[str], refused: set[str]
) -> None:
    def holds(rule: Any) -> bool:
        ((kind, operands),) = rule.items()
        if kind == "Fn::Not":
            return not holds(operands[0])
        parameter, empty = operands
        assert (kind, empty) == ("Fn::Equals", "")
        return parameter["Ref"] not in given

    rules = documents["expanded"]["Rules"]
    for name in ("DomainHasItsCertificate", "CertificateHasItsDomain", "ZoneHasADomain"):
        (assertion,) = rules[name]["Assertions"]
        applies = holds(rules[name]["RuleCondition"])
        assert (applies and not holds(assertion["Assert"])) == (name in refused)


@pytest.mark.parametrize(
    ("parameter", "accepted", "refused"),
    [
        ("DomainName", ["", "digits.example", "a.b-c.de"], ["https://a.de", "A.de", "a", "*.a.de"]),
        (
            "CertificateArn",
            ["", BRANDED["CertificateArn"]],
            ["arn:aws:acm:eu-west-1:123456789012:certificate/0f0e", "0f0e"],
        ),
        ("HostedZoneId", ["", "Z0123456789"], ["digits.example", "/hostedzone/Z01"]),
    ],
)
def test_parameters_of_the_domain_take_what_makes_sense(
    documents: Documents, parameter: str, accepted: list[str], refused: list[str]
) -> None:
    pattern = documents["template"]["Parameters"][parameter]["AllowedPattern"]
    assert all(re.fullmatch(pattern, text) for text in accepted)
    assert not any(re.fullmatch(pattern, text) for text in refused)


def test_page_s_address_is_the_domain_s_if_there_is_one(documents: Documents) -> None:
    outputs = documents["expanded"]["Outputs"]
    text, names = outputs["PageAddress"]["Value"]["Fn::Sub"]
    assert text == "https://${Name}/"
    own = {"Fn::GetAtt": ["Distribution", "DomainName"]}
    assert names == {"Name": {"Fn::If": ["HasDomain", {"Ref": "DomainName"}, own]}}
    assert outputs["DistributionDomain"]["Value"] == own  # what such a name has to lead to
    assert outputs["DistributionId"]["Value"] == {"Ref": "Distribution"}
    assert outputs["SiteBucket"]["Value"] == {"Ref": "SiteBucket"}


def test_nothing_at_the_edge_is_logged(documents: Documents, expanded: Resources) -> None:
    """Lines of viewers' addresses, and of paths with the ids of records."""
    config = configure(documents)
    assert "Logging" not in config
    assert "RealtimeLogConfigArn" not in json.dumps(config)
    assert not of_type(expanded, "AWS::Logs::DeliverySource")


def test_distribution_of_changed_parameters_is_read_as_well(documents: Documents) -> None:
    assert read_distribution(documents["expanded"], **BRANDED).root == "index.html"
