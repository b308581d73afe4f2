"""Lifelike words for the specimen of a kind: nobody's name, nobody's number (M.6, P.2.1.2)."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from licences.data_items import DataItem

_ADDRESS = "山西省晋城市泽州县金村镇样例街1号"
_ENTERPRISE, _PERSON, _OFFICE = "泽州县丹河样例商贸有限公司", "张样例", "泽州县样例管理局"
_CREDIT_CODE = "91140525MA0000023A"
# no number that somebody has can be read of it
_CITIZEN_ID = "14052519900101****"
_BY_KEY = {
    "entity_type": "有限责任公司（自然人投资或控股）",
    "registered_capital": "壹佰万元整",
    "business_scope": "日用百货、农副产品销售",
    "business_items": "热食类食品制售、自制饮品制售",
    "licensed_project": "住宿场所（宾馆）",
    "departments": "内科、外科、中医科",
    "project_name": "泽州县样例小学教学楼工程",
    "scale": "建筑面积3600平方米，地上四层",
    "economic_nature": "有限责任公司",
    "intake_volume": "3.65",
    "purpose": "农村生活用水",
    "method": "择伐",
    "school_type": "幼儿园",
    "content": "学前教育",
    "matters": "劳务派遣",
    "scope": "按许可的范围经营",
    "co_ownership": "单独所有",
    "unit_number": "140525000000GB00000F00000000",
    "right_type": "国有建设用地使用权／房屋所有权",
    "right_nature": "出让／市场化商品房",
    "use": "城镇住宅用地／住宅",
    "area": "120.50",
    "use_term": "国有建设用地使用权至2090年12月31日止",
    "proof_matter": "抵押权",
    "hotline": "12315",
    "gestation_weeks": "39",
    "weight": "3300",
    "length": "50",
}
# What a name says of its value, the first that fits; for kinds that departments compile themselves.
_BY_WORD = (
    (("电话", "手机"), "0356-0000000"),
    (("地址", "住所", "场所", "坐落", "地点", "四至"), _ADDRESS),
    (("机关", "监督管理", "监管", "主管单位", "发证单位"), _OFFICE),
    (("姓名", "校长", "代表人", "负责人", "经营者", "义务人", "联系人", "父亲", "母亲"), "李样例"),
    (("单位", "机构", "企业", "公司"), "泽州县样例服务有限公司"),
    (("资本", "金额", "价格"), "壹佰万元整"),
    (("范围", "项目", "事项", "内容", "科目"), "按许可的项目办理，例如日用百货销售"),
    (("性别",), "女"),
    (("备注", "其他", "说明"), "无"),
)
_BY_KIND = {
    "text": "样例内容",
    "long_text": "样例内容，按实际许可填写",
    "date": "2026-01-01",
    "datetime": "2026-01-01T09:30",
    "number": "100",
    "credit_code": _CREDIT_CODE,
    "citizen_id": _CITIZEN_ID,
    "identity_number": _CITIZEN_ID,
}
_ENDS = ("止", "至", "截止")


def specimen_values(
    items: Sequence[DataItem], holder_kind: str = "enterprise"
) -> dict[str, str | list[str]]:
    """A value for every item but images, short enough for any face."""
    holder = _PERSON if holder_kind == "person" else _ENTERPRISE
    return {item.key: _value(item, holder) for item in items if item.kind != "image"}


def _value(item: DataItem, holder: str) -> str:
    if item.choices:
        return item.choices[0]
    if item.kind == "date" and item.name.endswith(_ENDS):
        return "2026-12-31"
    found = holder if item.key == "holder_name" else item.default or _BY_KEY.get(item.key, "")
    if not found and item.kind in {"text", "long_text"}:
        found = next(
            (value for words, value in _BY_WORD if any(word in item.name for word in words)), ""
        )
    found = found or _BY_KIND.get(item.kind, "样例")
    return found[: item.max_length] if item.max_length else found


@lru_cache(maxsize=1)
def specimen_photo() -> bytes:
    """A plain grey picture where a photo would stand: a specimen shows nobody's face."""
    buffer = io.BytesIO()
    Image.new("RGB", (480, 320), "#e4e6e4").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
