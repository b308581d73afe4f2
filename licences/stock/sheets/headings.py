"""Column headings of the national public notice of permits, and what departments write instead.

Source: the data standard of the public notice of administrative permits (行政许可信息公示);
the synonyms are ours.
"""

import hashlib
import re
import unicodedata
from collections.abc import Container, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

FIELDS: dict[str, str] = {
    "holder_name": "行政相对人名称",
    "holder_category": "行政相对人类别",
    "credit_code": "统一社会信用代码",
    "legal_representative": "法定代表人",
    "representative_id_type": "法定代表人证件类型",
    "representative_id_number": "法定代表人证件号码",
    "holder_id_type": "证件类型",
    "holder_id_number": "证件号码",
    "document_name": "行政许可决定文书名称",
    "document_number": "行政许可决定文书号",
    "permit_category": "许可类别",
    "licence_kind": "许可证书名称",
    "number": "许可编号",
    "content": "许可内容",
    "decided_on": "许可决定日期",
    "valid_from": "有效期自",
    "valid_until": "有效期至",
    "issuing_department": "许可机关",
    "issuing_department_code": "许可机关统一社会信用代码",
    "status": "当前状态",
    "source_department": "数据来源单位",
    "source_department_code": "数据来源单位统一社会信用代码",
    "remarks": "备注",
}
# What ledgers have and the notice does not: ours.
LEDGER_FIELDS: dict[str, str] = {
    "term": "有效期（起止在一格）",
    "phone": "联系电话",
    "operator_name": "经营者姓名",
    "operator_id_type": "经营者证件类型",
    "operator_id_number": "经营者证件号码",
}
ALL_FIELDS = {**FIELDS, **LEDGER_FIELDS}
REQUIRED = ("holder_name", "number", "decided_on", "valid_from", "valid_until")
IDENTITY = ("credit_code", "holder_id_number")
ITEM_PREFIX = "item:"
TYPE_SUFFIX = ".type"  # of an item's key: the column that names the type of its number
NamedBy = Sequence[tuple[str, str]]
RETURNED = frozenset({"原因", "原行号"})  # what we add to the rows we give back
HEADING_ROWS = 20
_RECOGNISED_AT_LEAST = 3

_SYNONYMS: dict[str, str] = {
    "holder_name": "行政相对人 相对人名称 企业名称 单位名称 经营者名称 商户名称 店名"
    " 持证人 持证主体 持证主体名称"
    " 主体名称 市场主体名称 字号名称 申请人名称",
    "holder_category": "相对人类别 行政相对人类型 主体类型",
    "credit_code": "行政相对人代码_1(统一社会信用代码) 行政相对人代码1(统一社会信用代码)"
    " 行政相对人代码(统一社会信用代码) 社会信用代码 信用代码 相对人统一社会信用代码"
    " 行政相对人统一社会信用代码 统一社会信用代码(身份证号码)",
    "legal_representative": "法定代表人(负责人) 法人代表 法人 负责人 法定代表人姓名 负责人姓名"
    " 法定代表人或负责人 法人姓名",
    "representative_id_type": "法人证件类型 法定代表人(负责人)证件类型",
    "representative_id_number": "法定代表人身份证号 法定代表人身份证号码 法人身份证号 法人证件号码"
    " 法人证件号 法定代表人证件号 法定代表人(负责人)证件号码 负责人身份证号",
    "holder_id_type": "自然人证件类型 行政相对人证件类型",
    "holder_id_number": "自然人证件号码 证件号 身份证号 身份证号码 公民身份号码 行政相对人证件号码",
    "document_name": "决定文书名称 行政许可决定书名称 许可文书名称",
    "document_number": "行政许可决定书文号 行政许可决定书文书号 决定书文号 决定文书号 许可文书号",
    "permit_category": "审批类别 许可类型",
    "licence_kind": "许可证名称 证书名称 证照名称 许可证件名称 证件名称 证照类型",
    "number": "许可证编号 许可证号 证书编号 证照编号 证书号 证号 许可证书编号 行政许可编号",
    "content": "许可事项 经营项目 许可范围 许可项目 行政许可内容",
    "decided_on": "发证日期 签发日期 颁发日期 许可日期 决定日期 行政许可决定日期 发证时间",
    "valid_from": "有效期起 有效期始 有效期自(起) 有效期开始 有效期起始 有效期限自 有效期从"
    " 有效期起始日期 有效期(起) 起始日期",
    "valid_until": "有效期止 有效期截止 有效期到 有效期结束 有效期限至 有效期至(止) 截止日期"
    " 有效期截止日期 有效期(止) 许可截止期 到期日期",
    "issuing_department": "发证机关 发证部门 许可机关名称 发证单位 审批机关 颁发机关",
    "issuing_department_code": "许可机关代码 许可机关信用代码 发证机关代码"
    " 发证机关统一社会信用代码",
    "status": "状态 证照状态 许可证状态",
    "source_department": "数据来源 来源单位",
    "source_department_code": "来源单位统一社会信用代码 数据来源单位代码",
    "remarks": "备注信息 说明",
    "term": "有效期 有效期限 有效期间 有效时间 许可有效期 许可期限 证书有效期 许可证有效期"
    " 有效起止日期 有效期起止 起止日期",
    "operator_name": "经营者 个体工商户经营者 经营者(姓名)",
    "operator_id_number": "经营者身份证号 经营者身份证号码 经营者身份证 经营者证件号"
    " 经营者公民身份号码",
    "phone": "电话 联系方式 手机 手机号 手机号码 电话号码 联系人电话 负责人电话 法人电话",
}
# 卫生许可证号, 出版物经营许可证编号: the number of the kind, named by it.
_NUMBER = re.compile(r".{1,20}(?:许可证|证书|证照|合格证|登记证)(?:书)?(?:编号|证号|号码|号)")
# What stands in a second row under a heading that spans two columns.
_BEGINS = re.compile("[起自始从由]|起始|开始|起始日|(?:起始?|开始)日期")
_ENDS = re.compile("[止至到终]|截止|终止|截至|截止日|(?:截?止|终止|结束)日期")
# An identity number right of the representative or the operator is theirs.
_OF_A_PERSON = frozenset(["身份证号", "身份证号码", "公民身份号码", "证件号码", "证件号", "身份证"])
_NUMBER_BESIDE = {
    "legal_representative": "representative_id_number",
    "operator_name": "operator_id_number",
}
# What registries of marriages call the two: the man stands first on most ledgers, not in law.
_COUPLE = re.compile(
    "(?P<who>男方?|丈夫|女方?|妻子)的?(?:(?P<name>姓名)"
    "|(?P<type>(?:身份)?证件(?:类型|种类|名称))"
    "|(?:居民)?(?:身份证|身份证件|证件|公民身份)(?:号码?)?)"
)
# Big5 sheets carry traditional characters: only those that occur in headings.
_SIMPLIFIED = str.maketrans(
    "對稱類別統會碼證號書決許編內容開關從來單註備據態業營經負責發頒審請姓與項範圍審狀時間結終",
    "对称类别统会码证号书决许编内容开关从来单注备据态业营经负责发颁审请姓与项范围审状时间结终",
)


@dataclass(frozen=True)
class Mapping:
    """Which column holds which field (column 0 = first), and what the guess left open."""

    columns: dict[str, int]
    unknown: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())

    def complaint(self) -> str:
        """The Chinese sentence on what keeps this mapping from use, or an empty string."""
        if self.duplicates:
            names = "、".join(f"“{name}”" for name in self.duplicates)
            return f"{names}出现了不止一列。只留一列，或指明用哪一列"
        if self.missing:
            return f"还没有对上这些列：{'、'.join(self.missing)}。请逐个指明"
        return ""


def normalise_heading(text: object) -> str:
    """The heading without white space, marks of obligation and differences of width."""
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED)
    plain = re.sub(r"[\s*:\u200b\ufeff]", "", plain)
    return re.sub(r"\((必填|选填|必填项|选填项)\)", "", plain)


def _build_known() -> dict[str, str]:
    known = {normalise_heading(name): key for key, name in ALL_FIELDS.items()}
    for key, names in _SYNONYMS.items():
        for name in names.split():
            known.setdefault(normalise_heading(name), key)
    return known


_KNOWN = _build_known()


def _field_of(heading: object) -> str | None:
    """The field that a heading names, None for one that is not known."""
    plain = normalise_heading(heading)
    if key := _KNOWN.get(plain):
        return key
    return "number" if plain and _NUMBER.fullmatch(plain) else None


def recognised(cells: Sequence[object]) -> int:
    """How many different fields the cells of one row name."""
    return len({key for cell in cells if (key := _field_of(cell))})


def joined(upper: Sequence[object], lower: Sequence[object]) -> list[str]:
    """The headings of two rows, of which the lower divides some of the upper."""
    found: list[str] = []
    above = ""
    for column in range(max(len(upper), len(lower))):
        own = _text(upper, column)
        above = own or above
        below = _text(lower, column)
        plain = normalise_heading(below)
        if not below or normalise_heading(own) in RETURNED:
            found.append(own)
        elif _BEGINS.fullmatch(plain) or _ENDS.fullmatch(plain):
            found.append(_part_of(above, plain))
        elif _field_of(above + below) and not _field_of(below):
            found.append(above + below)
        else:
            found.append(below)
    return found


def _part_of(above: str, plain: str) -> str:
    """有效期 over 起 is 有效期起; of anything else the two words together."""
    if _field_of(above) in {"term", "valid_from", "valid_until"}:
        return "有效期起" if _BEGINS.fullmatch(plain) else "有效期止"
    return above + plain


def _text(cells: Sequence[object], column: int) -> str:
    value = cells[column] if column < len(cells) else None
    return "" if value is None else str(value).strip()


@dataclass(frozen=True)
class HeadingRows:
    """Where the headings stand (indexes of the first and the last row), and what they say."""

    first: int
    last: int
    headings: tuple[str, ...]


def find_headings(rows: Sequence[Sequence[object]]) -> HeadingRows | None:
    """The row, or the two rows, that name most fields; None where none names three.

    Two rows are taken for headings only where together they name more than either alone.
    """
    best = find_heading_row(rows)
    if best is None:
        return None
    most = recognised(rows[best])
    found = HeadingRows(best, best, tuple(_text(rows[best], at) for at in range(len(rows[best]))))
    for first in (best - 1, best):
        if first < 0 or first + 1 >= len(rows):
            continue
        both = joined(rows[first], rows[first + 1])
        if (score := recognised(both)) > most:
            most, found = score, HeadingRows(first, first + 1, tuple(both))
    return found


def headings_at(rows: Sequence[Sequence[object]], index: int) -> HeadingRows:
    """The headings that begin in a row that a person named."""
    own = HeadingRows(index, index, tuple(_text(rows[index], at) for at in range(len(rows[index]))))
    if index + 1 >= len(rows):
        return own
    both = joined(rows[index], rows[index + 1])
    is_more = recognised(both) > recognised(rows[index])
    return HeadingRows(index, index + 1, tuple(both)) if is_more else own


def find_heading_row(rows: Sequence[Sequence[object]]) -> int | None:
    """The index of the row that names most fields, or None where none names three."""
    best, most = None, _RECOGNISED_AT_LEAST - 1
    for index, cells in enumerate(rows):
        if (score := recognised(cells)) > most:
            best, most = index, score
    return best


def guess_mapping(
    headings: Sequence[object],
    items: MappingOf[str, str] | None = None,
    named_by: NamedBy = (),
) -> Mapping:
    """The fields that the headings name.

    `items` are the kind's data items, key to Chinese name: a heading that the notice does not
    know but that is an item's name fills that item (field `item:KEY`). Of a heading met twice
    the first column counts, and the heading is reported.
    """
    names = {normalise_heading(name): ITEM_PREFIX + key for key, name in (items or {}).items()}
    known = set(names.values())
    plains = [normalise_heading(heading) for heading in headings]
    exact = {_KNOWN[plain] for plain in plains if plain in _KNOWN}
    columns: dict[str, int] = {}
    unknown: list[str] = []
    duplicates: list[str] = []
    for column, (heading, plain) in enumerate(zip(headings, plains, strict=True)):
        if not plain or plain in RETURNED:
            continue
        key = _KNOWN.get(plain) or names.get(plain) or _of_couple(plain, named_by, known)
        if key is None and "number" not in exact:
            key = _field_of(plain)
        if plain in _OF_A_PERSON and "credit_code" in exact:
            left = next((name for name, at in columns.items() if at == column - 1), "")
            key = _NUMBER_BESIDE.get(left, key)
        if key is None:
            unknown.append(str(heading).strip())
        elif key in columns:
            duplicates.append(str(heading).strip())
        else:
            columns[key] = column
    missing = missing_in(columns, named_by)
    return Mapping(columns, tuple(unknown), tuple(dict.fromkeys(duplicates)), missing)


def _of_couple(plain: str, named_by: NamedBy, known: Container[str]) -> str | None:
    """男方姓名, 女方身份证号: the items of the two holders of a kind that has two."""
    match = _COUPLE.fullmatch(plain) if len(named_by) == 2 else None
    if match is None:
        return None
    name, number = named_by[0 if match["who"][0] in "男丈" else 1]
    if match["name"]:
        return name
    field_ = number + TYPE_SUFFIX if match["type"] else number
    return field_ if field_ in known else None


def map_by_hand(columns: MappingOf[str, int], width: int, named_by: NamedBy = ()) -> Mapping:
    """The mapping that a person chose; `width` is the number of columns of the sheet.

    Raises ValueError for a field or a column that does not exist and for a column used twice.
    """
    for key, column in columns.items():
        if key not in ALL_FIELDS and not key.startswith(ITEM_PREFIX):
            raise ValueError(f"no such field: {key}")
        if not 0 <= column < width:
            raise ValueError(f"no such column: {column}")
    if len(set(columns.values())) < len(columns):
        raise ValueError("one column is used for two fields")
    return Mapping(dict(columns), missing=missing_in(columns, named_by))


def missing_in(columns: MappingOf[str, int], named_by: NamedBy = ()) -> tuple[str, ...]:
    """The Chinese names of the required fields that have no column.

    One column for the term may do; so may the kind's own columns for a holder (`named_by`: the
    fields of name and number of each).
    """
    others = ["valid_from", "valid_until"] if "term" in columns else []
    is_named = any(name in columns and number in columns for name, number in named_by)
    if is_named:
        others.append("holder_name")
    missing = [FIELDS[key] for key in REQUIRED if key not in columns and key not in others]
    if not is_named and not any(key in columns for key in IDENTITY):
        missing.append("统一社会信用代码或证件号码")
    return tuple(missing)


def digest_of(headings: Sequence[str]) -> str:
    """What tells a ledger's form from others: its headings in their order."""
    plain = "\n".join(normalise_heading(heading) for heading in headings)
    return hashlib.sha256(plain.encode()).hexdigest()
