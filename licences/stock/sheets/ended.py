"""Words by which a ledger says that a licence has ended, in its remarks, status or name."""

import re
import unicodedata
from typing import Literal

Says = Literal["", "ended", "unclear"]

_ENDED = "注销|注消|吊销|撤销|撤消|撤回|作废|废止|失效|无效|缴销|终止"
_REPLACED = "已变更|变更后作废|已换证|已换发|换发新证|已补发|已补证|已转让|已过户|已迁出"
_DAY = r"[0-9年月日号.\-/〇零一二三四五六七八九十]*"
_WHOLLY = re.compile(
    rf"{_DAY}(?:现|已经?|被|予以|自行|主动|自愿|依法|企业|本人|依?申请|公告|办理|于{_DAY})*"
    rf"(?:{_ENDED})(?:登记|手续|许可证?|证书)?(?:了|完毕)?{_DAY}"
)
_DENIED = re.compile(
    rf"(?:尚未|从未|未|没有?|无|非|不存在)(?:曾|被|办理|予以)*(?:{_ENDED}|{_REPLACED})"
)
_MENTIONED = re.compile(f"{_ENDED}|{_REPLACED}")
_BRACKETED = re.compile(r"[(\[【〔]([^)\]】〕]*)[)\]】〕]")
_AT_THE_END = re.compile(rf"(?:已经?(?:被)?(?:{_ENDED})|{_REPLACED}|注销|吊销|作废)$")


def says_ended(text: str) -> Says:
    """Whether words say that the licence has ended, or mention an end that may be another's."""
    plain = re.sub(r"[\s,，。;；!！、()（）]", "", unicodedata.normalize("NFKC", text))
    plain = _DENIED.sub("", plain)
    if not _MENTIONED.search(plain):
        return ""
    return "ended" if _WHOLLY.fullmatch(plain) else "unclear"


def name_says_ended(name: str) -> Says:
    """The same of what is written into a name, in brackets or behind it."""
    plain = "".join(unicodedata.normalize("NFKC", name).split())
    noted = [*_BRACKETED.findall(plain), *_AT_THE_END.findall(plain)]
    said = {says_ended(words) for words in noted}
    return "ended" if "ended" in said else "unclear" if "unclear" in said else ""
