"""What the cache keeps, written as JSON: whoever can write to Redis makes no object here."""

import json
from typing import Any


class JsonValues:
    """The serializer of the cache: words, numbers, lists and tables of them, and nothing else.

    Django's own pickles, and reading a pickle runs what it says.
    """

    def dumps(self, value: Any) -> bytes:
        """As it is kept. Raises TypeError for what JSON has no word for."""
        return json.dumps(value, ensure_ascii=False).encode()

    def loads(self, data: bytes) -> Any:
        """As it was given; what is no JSON counts as not kept."""
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return None
