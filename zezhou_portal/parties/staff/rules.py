"""Who may hold which role, named persons (M.24), two hands for two steps (M.7, S.12).

Rules take plain values and raise RuleBroken; what they need from the database the verb reads.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from zezhou_portal.kernel import clock
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.limits import RESETS_APART

# Level 3 practice (GB/T 22239) keeps these three apart, and from all other work (ours).
ADMINISTRATORS = frozenset(
    {Role.SYSTEM_ADMINISTRATOR.value, Role.SECURITY_ADMINISTRATOR.value, Role.AUDITOR.value}
)
# Roles of the management bureau (M.5, M.24, M.27).
BUREAU_ROLES = ADMINISTRATORS | {Role.BUREAU_ADMINISTRATOR.value, Role.BUREAU_SUPERVISOR.value}
ISSUING_ROLES = frozenset(
    {
        Role.CATALOGUE_COMPILER.value,
        Role.CAPTURE_CLERK.value,
        Role.REVIEWER.value,
        Role.SIGNATORY.value,
    }
)


def check_two_hands(
    first_account_id: int | None, second_account_id: int | None, article: str, sentence: str
) -> None:
    """Demands two different people for two steps of one application.

    A hand that is not known is not another hand: None breaks the rule too.
    """
    if first_account_id is None or second_account_id is None:
        raise RuleBroken(article, sentence)
    if first_account_id == second_account_id:
        raise RuleBroken(article, sentence)


def check_not_oneself(acting_account_id: int | None, account_id: int) -> None:
    """Demands that one administrator helps another, never themselves (M.25)."""
    if acting_account_id == account_id:
        raise RuleBroken("M.25", "不能给自己办理。请另一位安全管理员办理。")


def check_resets_apart(
    administrator_id: int | None,
    *,
    other: str,
    reset_at: datetime | None,
    reset_by_id: int | None,
    now: datetime,
) -> None:
    """Demands a second administrator where one has just reset the other factor.

    Whoever could reset both could log in as anybody. `other` is the other factor in words.
    Ours; M.25 asks for identity authentication.
    """
    if reset_at is None or now - reset_at >= RESETS_APART or reset_by_id != administrator_id:
        return
    day = reset_at.astimezone(clock.BEIJING)
    raise RuleBroken(
        "M.25",
        f"这个人的{other}是您 {day:%m-%d %H:%M} 重置的。{RESETS_APART.days} 天里两样都重置，"
        "要由另一位安全管理员核对本人后办理。",
    )


def check_administrators_apart(held: Iterable[str], wanted: str) -> None:
    """Demands that system administrator, security administrator and auditor are three people.

    None of them does other work in the portal either, covers included.
    """
    others = set(held) - {wanted}
    clash = others if wanted in ADMINISTRATORS else others & ADMINISTRATORS
    if not clash:
        return
    words = "、".join(sorted(Role(role).label for role in clash))
    raise RuleBroken(
        "M.25",
        f"系统管理员、安全管理员、审计员须由不同的人担任，也不兼其他岗位。"
        f"这个人现在是{words}，不能再任{Role(wanted).label}。请换一个人。",
    )


def check_role_fits(role: str, functions: Collection[str]) -> None:
    """Demands that a role belongs to what the department does (M.3, M.5)."""
    label = Role(role).label
    if role in BUREAU_ROLES and "management" not in functions:
        raise RuleBroken("M.5", f"{label}只在管理单位（县行政审批服务管理局）设。请换单位或岗位。")
    if role in ISSUING_ROLES and "issuing" not in functions:
        raise RuleBroken("M.3", f"{label}只在制发单位设，这个单位不制发证照。请换单位或岗位。")
    if role == Role.SEAL_CUSTODIAN.value and "seal" not in functions:
        raise RuleBroken("S.14", "这个单位不使用电子印章，不设印章保管人。请换单位或岗位。")


def check_named_person_is_own(own_department_id: int, department_id: int) -> None:
    """Demands that a department names one of its own people (M.24)."""
    if own_department_id != department_id:
        raise RuleBroken("M.24", "指定专人须是本单位的人。请从本单位的人里指定。")


def check_term(from_on: date, until_on: date | None) -> None:
    """Demands that a term ends on or after the day it begins."""
    if until_on is not None and until_on < from_on:
        raise FormFault(
            "M.24",
            "截止日期早于起始日期。",
            fields={"until_on": f"截止（{until_on}）早于起始（{from_on}），请改一处。"},
        )


def check_cover_term(
    from_on: date, until_on: date | None, *, posting_until: date | None, today: date
) -> None:
    """Demands that a cover has an end, not yet past, within the absent person's own term (M.24)."""
    if until_on is None:
        raise FormFault("M.24", "顶岗要有截止日期。", fields={"until_on": "还没有填顶岗到哪一天。"})
    check_term(from_on, until_on)
    if until_on < today:
        raise FormFault(
            "M.24", "顶岗已经过期。", fields={"until_on": f"{until_on} 已经过去，请填今天或以后。"}
        )
    if posting_until is not None and until_on > posting_until:
        raise FormFault(
            "M.24",
            "顶岗不能长过原岗位。",
            fields={"until_on": f"原岗位到 {posting_until} 为止，顶岗不能超过这一天。"},
        )
