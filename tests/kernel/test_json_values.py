"""The cache holds JSON: nothing read from Redis can run (M.26)."""

import pickle

import pytest
import redis
from django.conf import settings
from django.core.cache import cache

from zezhou_portal.kernel.json_values import JsonValues


class _Runs:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a pickle was read",))


def test_the_cache_when_written_then_json_and_read_as_given() -> None:
    cache.set("json-values", {"甲": [1, None, "乙"]}, 60)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        key = cache.make_key("json-values")
        assert client.get(key) == '{"甲": [1, null, "乙"]}'.encode()
        assert cache.get("json-values") == {"甲": [1, None, "乙"]}
        client.set(key, pickle.dumps(_Runs()), ex=60)
        assert cache.get("json-values") is None
        client.delete(key)


def test_what_is_no_json_when_kept_then_refused() -> None:
    with pytest.raises(TypeError):
        JsonValues().dumps(object())
    assert JsonValues().loads(b"[" * 100_000) is None
