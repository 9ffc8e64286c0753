"""`Distribution`: what the template tells CloudFront to do, as CloudFront reads it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.edge.values import fill_in
from tests.stack.conditions import choose

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CachePolicy:
    caches: bool
    """And so compresses, where the behaviour says so: it's what is kept that CloudFront does."""


MANAGED_CACHING: Final = {
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": CachePolicy(caches=False),  # CachingDisabled
    "658327ea-f89d-4fab-a63d-7e88639e58f6": CachePolicy(caches=True),  # CachingOptimized
}
ALL_VIEWER_EXCEPT_HOST: Final = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""AWS's own policies, by the ids that they have in every account (CloudFront's guide, "Use managed
cache policies" and "Use managed origin request policies"). Of those, the ones that we use."""

_SECURITY: Final = {
    "ContentSecurityPolicy": "Content-Security-Policy",
    "FrameOptions": "X-Frame-Options",
    "ReferrerPolicy": "Referrer-Policy",
    "StrictTransportSecurity": "Strict-Transport-Security",
    "ContentTypeOptions": "X-Content-Type-Options",
}


@dataclass(frozen=True, slots=True)
class AddedHeader:
    name: str
    value: str
    override: bool
    """Whether it takes the place of the origin's."""


@dataclass(frozen=True, slots=True)
class Origin:
    domain: str
    path: str
    """What comes before a request's own."""
    headers: Mapping[str, str]
    """What each request is given; they take the place of the viewer's."""
    is_bucket: bool


@dataclass(frozen=True, slots=True)
class Behaviour:
    pattern: str
    origin: Origin
    methods: frozenset[str]
    protocol: str
    """What becomes of a request in the clear."""
    caching: CachePolicy
    forwards_all: bool
    """Whether the viewer's headers, cookies and query go on to the origin."""
    forwarded: frozenset[str]
    """Headers that do where not all do, in small letters."""
    function: str
    """What a viewer's request goes through first, or nothing."""
    compresses: bool
    headers: tuple[AddedHeader, ...]

    def takes(self, path: str) -> bool:
        """A star stands for any characters, a question mark for one; capitals count."""
        wildcards = {r"\*": ".*", r"\?": "."}
        pattern = re.escape("/" + self.pattern.lstrip("/"))
        for wildcard, meaning in wildcards.items():
            pattern = pattern.replace(wildcard, meaning)
        return re.fullmatch(pattern, path, re.DOTALL) is not None

    def forwards(self, header: str) -> bool:
        """Whether a header, in small letters, goes on to the origin."""
        return self.forwards_all or header in self.forwarded


@dataclass(frozen=True, slots=True)
class Distribution:
    behaviours: tuple[Behaviour, ...]
    """In their order: the first that takes a path has it. The last takes all."""
    root: str
    """The object at the address without a path."""
    replaced_errors: frozenset[int] = field(default_factory=frozenset)
    """Statuses whose answers a page of the distribution's takes the place of."""
    kept_errors: Mapping[int, int] = field(default_factory=dict)
    """Statuses for which it says how many seconds an answer is kept at least."""

    def find(self, path: str) -> Behaviour:
        return next(behaviour for behaviour in self.behaviours if behaviour.takes(path))


def read_distribution(expanded: Tree, **parameters: str) -> Distribution:
    """The one distribution of an expanded template, with the parameters' values."""
    resources = choose(expanded, **parameters)["Resources"]
    config = fill_in(resources["Distribution"]["Properties"]["DistributionConfig"])
    origins = {origin["Id"]: _read_origin(origin) for origin in config["Origins"]}
    written = [*config["CacheBehaviors"], {**config["DefaultCacheBehavior"], "PathPattern": "*"}]
    errors = config.get("CustomErrorResponses", [])
    return Distribution(
        tuple(_read_behaviour(each, origins, resources) for each in written),
        config["DefaultRootObject"],
        frozenset(error["ErrorCode"] for error in errors if "ResponsePagePath" in error),
        {error["ErrorCode"]: error["ErrorCachingMinTTL"] for error in errors},
    )


def _read_origin(written: Tree) -> Origin:
    added = written.get("OriginCustomHeaders", [])
    return Origin(
        written["DomainName"],
        written.get("OriginPath", ""),
        {header["HeaderName"]: header["HeaderValue"] for header in added},
        is_bucket="S3OriginConfig" in written,
    )


def _read_behaviour(written: Tree, origins: Mapping[str, Origin], resources: Tree) -> Behaviour:
    policy = resources[written["ResponseHeadersPolicyId"]]["Properties"]
    forwards_all = written.get("OriginRequestPolicyId") == ALL_VIEWER_EXCEPT_HOST
    return Behaviour(
        written["PathPattern"],
        origins[written["TargetOriginId"]],
        frozenset(written.get("AllowedMethods", ["GET", "HEAD"])),
        written["ViewerProtocolPolicy"],
        MANAGED_CACHING[written["CachePolicyId"]],
        forwards_all,
        frozenset() if forwards_all else _read_forwarded(written, resources),
        _read_function(written),
        bool(written.get("Compress", False)),
        tuple(_read_headers(fill_in(policy["ResponseHeadersPolicyConfig"]))),
    )


def _read_forwarded(written: Tree, resources: Tree) -> frozenset[str]:
    policy = written.get("OriginRequestPolicyId")
    if policy is None:
        return frozenset()
    config = resources[policy]["Properties"]["OriginRequestPolicyConfig"]
    assert config["CookiesConfig"] == {"CookieBehavior": "none"}
    assert config["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert config["HeadersConfig"]["HeaderBehavior"] == "whitelist"
    return frozenset(name.lower() for name in config["HeadersConfig"]["Headers"])


def _read_function(written: Tree) -> str:
    associations = written.get("FunctionAssociations", [])
    assert [each["EventType"] for each in associations] in ([], ["viewer-request"])
    return "".join(each["FunctionARN"] for each in associations)


def _read_headers(config: Tree) -> list[AddedHeader]:
    assert config.keys() <= {"Name", "SecurityHeadersConfig", "CustomHeadersConfig"}
    added = [
        AddedHeader(_SECURITY[kind], _write_value(kind, settings), settings["Override"])
        for kind, settings in config["SecurityHeadersConfig"].items()
    ]
    for item in config.get("CustomHeadersConfig", {}).get("Items", []):
        added.append(AddedHeader(item["Header"], item["Value"], item["Override"]))
    return added


def _write_value(kind: str, settings: Tree) -> str:
    match kind:
        case "ContentTypeOptions":
            return "nosniff"
        case "FrameOptions":
            return str(settings["FrameOption"])
        case "StrictTransportSecurity":
            parts = [f"max-age={settings['AccessControlMaxAgeSec']}"]
            parts += ["includeSubDomains"] if settings.get("IncludeSubdomains") else []
            parts += ["preload"] if settings.get("Preload") else []
            return "; ".join(parts)
    return str(settings[kind])
