"""A key is known by its digest, and by nothing else."""

import hashlib

import pytest

from api.errors import ApiKeyRequired
from api.keys import ApiKeys, hash_key


@pytest.fixture
def keys() -> ApiKeys:
    return ApiKeys(frozenset(map(hash_key, ("first", "second"))))


def test_a_digest_is_plain_sha_256() -> None:
    """So that `sha256sum` makes one."""
    assert hash_key("first") == hashlib.sha256(b"first").hexdigest()


@pytest.mark.parametrize("key", ["first", "second"])
def test_every_valid_key_opens(keys: ApiKeys, key: str) -> None:
    keys.require(key)
    assert keys.trusts(key)


@pytest.mark.parametrize(
    "key", ["", "third", "first ", "FIRST", hash_key("first"), "\ud800", "ключ", "x" * 100_000]
)
def test_no_other_key_opens(keys: ApiKeys, key: str) -> None:
    for given in (keys, ApiKeys()):
        with pytest.raises(ApiKeyRequired) as caught:
            given.require(key)
        assert key == "" or key not in str(caught.value)


def test_no_key_is_no_trust_and_no_error_where_none_is_needed(keys: ApiKeys) -> None:
    assert keys.trusts(None) is False
    with pytest.raises(ApiKeyRequired):
        keys.require(None)


def test_a_wrong_key_is_an_error_even_where_none_is_needed(keys: ApiKeys) -> None:
    with pytest.raises(ApiKeyRequired):
        keys.trusts("third")
