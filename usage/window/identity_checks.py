"""How a clerk at a window made sure who stands there: the published choices (P.2.3.2; ours)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IdentityCheck:
    """One way: its code, its words, and whether somebody else came in the holder's place."""

    code: str
    words: str
    is_agent: bool = False


IDENTITY_CHECKS = (
    IdentityCheck("in_person", "本人持证件到场，人证一致"),
    IdentityCheck("representative", "法定代表人（负责人、经营者）持证件到场，人证一致"),
    IdentityCheck("agent", "代办人持委托书和双方证件到场", is_agent=True),
    IdentityCheck("guardian", "监护人持户口簿和证件到场", is_agent=True),
    IdentityCheck("home_visit", "工作人员上门，核对了证件，人证一致"),
)
BY_CODE = {one.code: one for one in IDENTITY_CHECKS}


def stated(check: IdentityCheck, agent_name: str, agent_tail: str) -> str:
    """The statement as a copy keeps it; of who came instead the name and four characters."""
    if not check.is_agent:
        return check.words
    return f"{check.words}：{agent_name}，证件尾号 {agent_tail}"
