"""Layouts that may be published, and why others may not (M.6)."""

import copy
from typing import Any

import pytest

from licences.production.face import catalogue
from tests.licences.production.face.samples import BY_NAME, KINDS, sample


@pytest.mark.parametrize("kind", KINDS, ids=[kind["name"] for kind in KINDS])
def test_every_kind_has_a_fit_layout(kind: dict[str, Any]) -> None:
    catalogue.validate(catalogue.layout_for(kind["code"]), sample(kind).items)


def test_dedicated_layouts_and_colourways() -> None:
    faces = {kind["name"]: catalogue.layout_for(kind["code"])["face"] for kind in KINDS}
    assert faces["食品经营许可证"] == "food-licence"
    assert faces["营业执照"] == "business-licence"
    assert faces["取水许可证"] == "generic"
    assert faces["不动产权证书"] == "generic-wine"


def test_the_digest_follows_the_content_and_not_its_order() -> None:
    layout = catalogue.layout_for(BY_NAME["食品经营许可证"]["code"])
    turned = dict(reversed(layout.items()))
    assert catalogue.digest(turned) == catalogue.digest(layout)
    assert catalogue.digest({**layout, "edition": 2}) != catalogue.digest(layout)
    assert len(catalogue.digest(layout)) == 64


def _problems(change: Any) -> str:
    kind = BY_NAME["食品经营许可证"]
    layout = copy.deepcopy(catalogue.layout_for(kind["code"]))
    change(layout)
    with pytest.raises(catalogue.LayoutUnfit) as refused:
        catalogue.validate(layout, sample(kind).items)
    return "；".join(refused.value.problems)


def test_why_a_layout_is_refused() -> None:
    def unknown_key(layout: Any) -> None:
        layout["boxes"][2]["rows"][0]["of"] = "strange"

    said = _problems(unknown_key)
    assert "“strange”不是这种证照的数据项" in said
    assert "没有必填的数据项“持证主体名称”" in said

    def twice(layout: Any) -> None:
        layout["boxes"][2]["rows"].append({"label": "名称", "of": "holder_name"})

    assert "“持证主体名称”印了2次" in _problems(twice)

    def no_seal(layout: Any) -> None:
        layout["boxes"] = [box for box in layout["boxes"] if box["kind"] != "seal"]

    assert "没有印章位置" in _problems(no_seal)

    def bad_size(layout: Any) -> None:
        layout["page"]["width"] = -1

    assert "不合格式：page/width" in _problems(bad_size)

    def bad_style(layout: Any) -> None:
        layout["boxes"][1]["style"] = "shout"
        layout["boxes"][0]["file"] = "nowhere"

    said = _problems(bad_style)
    assert "没有定义的样式“shout”" in said
    assert "没有的花边“nowhere”" in said
