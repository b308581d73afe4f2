"""Made-up words for the specimen of a kind: nobody's name, nobody's number (M.6)."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from licences.data_items import DataItem

_BY_KEY = {
    "holder_name": "持证人名称样例",
    "credit_code": "91140525MA0000023A",
    "legal_representative": "样例姓名",
    "hotline": "12315",
}
_BY_KIND = {
    "text": "样例文字",
    "long_text": "样例文字，按实际许可内容填写",
    "date": "2026-01-01",
    "datetime": "2026-01-01T09:30",
    "number": "100",
    "credit_code": "91140525MA0000023A",
    "citizen_id": "样例号码",
}


def specimen_values(items: Sequence[DataItem]) -> dict[str, str | list[str]]:
    """A value for every item but images, short enough for any face."""
    return {
        item.key: _BY_KEY.get(
            item.key, item.choices[0] if item.choices else _BY_KIND.get(item.kind, "样例")
        )
        for item in items
        if item.kind != "image"
    }


@lru_cache(maxsize=1)
def specimen_photo() -> bytes:
    """A plain grey picture where a photo would stand: a specimen shows nobody's face."""
    buffer = io.BytesIO()
    Image.new("RGB", (480, 320), "#e4e6e4").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
