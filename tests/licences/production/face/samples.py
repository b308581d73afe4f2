"""Made-up data for every kind of the catalogue: shortest, usual, longest, and rare names."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from licences.production.face.inputs import FaceInput, FaceItem

KINDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "kinds.json").read_text(encoding="utf-8")
)
BY_NAME = {kind["name"]: kind for kind in KINDS}
RARE = "㛃䶮𬀩䲟𣲗㼆𬱖𫖯𬭎喆"
LENGTHS = ("shortest", "usual", "longest", "rare")
VERIFY_URL = "https://zwfw.zezhou.example.gov.cn/v/7K4M2Q9PX3TC8WDA"

_LONG = (
    "许可项目：特种设备制造；特种设备安装改造修理；危险化学品经营；燃气经营；道路货物运输（不含危险货物）；"
    "建设工程施工；发电业务、输电业务、供（配）电业务；检验检测服务。（依法须经批准的项目，经相关部门批准后方可"
    "开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）一般项目：通用设备制造（不含特种设备制造）；"
    "专用设备制造（不含许可类专业设备制造）；气体压缩机械制造；气体压缩机械销售；泵及真空设备制造；煤炭及制品"
    "销售；新兴能源技术研发；储能技术服务；余热余压余气利用技术研发；技术服务、技术开发、技术咨询、技术交流、"
    "技术转让、技术推广；货物进出口；住房租赁；机械设备租赁；普通货物仓储服务（不含危险化学品等需许可审批的项目）；"
    "信息系统集成服务；物联网技术服务；工业互联网数据服务；合同能源管理；碳减排、碳转化、碳捕捉、碳封存技术研发。"
    "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
)
_FOOD = (
    "散装食品销售（含冷藏冷冻食品、不含散装熟食）；预包装食品（含冷藏冷冻食品）销售；特殊食品销售（保健食品、婴幼"
    "儿配方乳粉、其他婴幼儿配方食品、特殊医学用途配方食品）；热食类食品制售；冷食类食品制售（仅限简单制售）；糕点类"
    "食品制售（含裱花蛋糕）；自制饮品制售（不含自酿酒）；连锁企业总部食品配送（委托第三方冷藏运输，全程温度记录保存"
    "不少于二年）；网络经营；中央厨房（热食类、冷食类、主食类半成品）"
)
_USUAL: dict[str, Any] = {
    "holder_name": "泽州县丹河源新材料有限公司",
    "credit_code": "91140525MA00001230",
    "legal_representative": "常书宁",
    "entity_type": "有限责任公司（自然人投资或控股）",
    "address": "山西省晋城市泽州县金村镇丹河新城文博路18号",
    "premises": "山西省晋城市泽州县金村镇府东街6号一层",
    "registered_capital": "贰仟万元整",
    "established_on": "2026-11-23",
    "business_scope": "一般项目：新材料技术研发；石墨及碳素制品制造；金属材料销售；货物进出口；"
    "技术服务、技术开发、技术咨询、技术转让。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
    "registration_authority": "泽州县市场监督管理局",
    "approved_on": "2026-11-23",
    "main_business": "餐饮服务经营者",
    "business_items": "热食类食品制售；自制饮品制售",
    "supervisor": "泽州县市场监督管理局金村市场监督管理所",
    "hotline": "12315",
    "intake_site": "泽州县北义城镇西黄石村丹河右岸",
    "intake_volume": "36.5",
    "purpose": "公共供水",
    "source_type": "地表水",
    "forest_site": "东至大箕河，南至防火道，西至岭脊，北至村界",
    "method": "择伐",
    "from_on": "2026-12-01",
    "until_on": "2027-03-31",
    "registered_on": "2026-11-23",
    "spouse_1_name": "王文博",
    "spouse_1_citizen_id": "140525199503121012",
    "spouse_2_name": "李书宁",
    "spouse_2_citizen_id": "14052519960708202X",
    "proof_matter": "抵押权",
    "obligor": "常书宁",
    "site": "泽州县金村镇丹河新城文博路18号3号楼2单元1102室",
    "unit_number": "140525001001GB00018F00030112",
    "other": "被担保主债权数额：人民币叁拾伍万元整\n债务履行期限：2026年11月23日至2046年11月22日\n"
    "不动产权证书号：晋（2024）泽州县不动产权第0001234号",
    "born_at": "2026-11-23T08:05",
    "sex": "女",
    "citizen_id": "140525199503121012",
    "mother_citizen_id": "140525199503121012",
    "father_citizen_id": "140525199403121010",
    "mother_name": "李书宁",
    "father_name": "王文博",
    "gestation_weeks": "39",
    "weight": "3250",
    "length": "50",
    "area": "118.42",
}
_LONGEST: dict[str, Any] = {
    **_USUAL,
    "holder_name": "晋城市太行味道农副产品（连锁）供应链管理有限公司泽州县丹河新城第一中央厨房暨社区生鲜配送服务分公司",
    "legal_representative": "阿卜杜热西提·麦麦提明暐",
    "entity_type": "股份有限公司分公司（非上市、自然人投资或控股）",
    "address": "山西省晋城市泽州县巴公镇工业园区（原巴公装备制造工业园）创新大道与丹河北路交叉口东北角3号标准厂房B座2层201-2A室",
    "premises": "山西省晋城市泽州县南村镇冶底村东太行物流园区冷链中心3号库一层、二层及附属加工车间（含外设仓库：巴公镇渠头村村委会东侧200米）",
    "registered_capital": "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元人民币",
    "established_on": "2009-03-01",
    "business_scope": _LONG * 2,
    "business_items": _FOOD,
    "main_business": "食品销售经营者",
    "departments": _LONG,
    "content": _LONG,
    "matters": _LONG,
    "remarks": _LONG,
    "proof_matter": "最高额抵押权、预购商品房抵押预告登记",
    "obligor": ["欧阳暐喆", "李㛃", "阿卜杜热西提·麦麦提明"],
    "site": "泽州县巴公镇工业园区创新大道与丹河北路交叉口东北角“太行·云麓（二期）”A区17号楼3单元2601室、2602室及地下一层B1-0173、B1-0174号车位",
    "other": "最高债权额：人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整\n债权确定期间：2026年11月23日至2029年11月22日\n"
    "抵押范围：房屋所有权及其所占建设用地使用权，建筑面积共计1,286.53㎡\n"
    "共有情况：按份共有（欧阳暐喆50%，李㛃30%，阿卜杜热西提·麦麦提明20%）\n"
    "不动产权证书号：晋（2019）泽州县不动产权第0005678号、晋（2021）泽州县不动产权第0000937号、"
    "晋（2021）泽州县不动产权第0000938号\n存续的抵押权顺位为第二顺位；本次登记不改变在先抵押权的效力。",
    "spouse_1_name": "欧阳暐喆",
    "spouse_2_name": "阿依努尔·阿卜杜热西提㛃",
}
_NUMBERS = {
    "营业执照": "91140525MA00001230",
    "食品经营许可证": "JY21405250012347",
    "取水许可证": "取水（晋泽）字〔2026〕第000123号",
    "结婚证": "J140525-2026-001234",
    "不动产登记证明": "晋（2026）泽州县不动产证明第0000001号",
    "不动产权证书": "晋（2026）泽州县不动产权第0000001号",
    "烟花爆竹经营（零售）许可证": "（晋晋）YHLS〔2026〕000123",
}
_PERSON_KEYS = ("legal_representative", "main_principal", "principal", "mother_name", "father_name")


def photo(width: int = 600, height: int = 400) -> bytes:
    """Two made-up figures on a red ground, as JPEG."""
    image = Image.new("RGB", (width, height), "#b54343")
    draw = ImageDraw.Draw(image)
    for x, ink in ((0.36, "#ead3ce"), (0.64, "#f5eae7")):
        cx, r = x * width, height * 0.18
        draw.ellipse((cx - r, height * 0.22, cx + r, height * 0.6), fill=ink)
        draw.ellipse((cx - 2.1 * r, height * 0.66, cx + 2.1 * r, height * 1.5), fill=ink)
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def value_of(item: dict[str, Any], length: str, holder: str) -> str | list[str]:
    """A made-up value of a data item."""
    key, kind = item["key"], item["kind"]
    if kind == "image":
        return ""
    if length == "shortest":
        if not item["required"]:
            return ""
        if kind in ("text", "long_text", "choice"):
            return "王喆" if key in _PERSON_KEYS else "无锡"[:1] + "店"
        return str(_USUAL.get(key, "1"))
    known: Any = (_LONGEST if length == "longest" else _USUAL).get(key)
    if length == "rare" and (key in _PERSON_KEYS or "_name" in key):
        return RARE
    if key == "holder_name" and holder == "person":
        return {"longest": "阿依努尔·阿卜杜热西提㛃"}.get(length, "王文博")
    if known is not None:
        return known
    if kind == "choice":
        return str((item.get("choices") or ["非营利性（非政府办）"])[0])
    if kind == "number":
        return "128.5"
    if kind in ("date", "datetime"):
        return "2026-11-23"
    return _LONG[:46] if length == "longest" else "泽州县丹河新城生态修复及配套设施建设工程"


def sample(kind: dict[str, Any], length: str = "usual", **changed: Any) -> FaceInput:
    """One whole face input of a kind."""
    items = tuple(
        FaceItem(item["key"], item["name"], item["kind"], item["required"])
        for item in kind["items"]
    )
    values = {item["key"]: value_of(item, length, kind["holder"]) for item in kind["items"]}
    if kind["name"] == "结婚证":
        values["holder_name"] = [values["spouse_1_name"], values["spouse_2_name"]]
    years = kind["validity_years"]
    given: dict[str, Any] = {
        "kind_name": kind["name"],
        "items": items,
        "values": values,
        "photos": {item.key: photo() for item in items if item.kind == "image"},
        "number": _NUMBERS.get(kind["name"], "泽审字〔2026〕第000123号"),
        "issuer": kind["issuer"],
        "issued_on": date(2026, 11, 23),
        "valid_from": date(2026, 11, 23) if years else None,
        "valid_until": date(2026 + years, 11, 22) if years else None,
        "identifier": f"1.2.156.3005.2.{kind['code']}.1114052529141777X1.2026000123.001.B",
        "check_code": "7K4M2Q9P",
        "verify_url": VERIFY_URL,
        "made_under": "样　本",
        "representative_label": "负责人" if length == "longest" else "",
    }
    return FaceInput(**{**given, **changed})
