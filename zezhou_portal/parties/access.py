"""permit(): the one place that says yes (M.25, M.26)."""

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

# Capabilities of the bureau's roles that reach every department, because the law says so:
# M.5 (catalogue, supervision), M.24 (named persons), M.27 (supervision).
COUNTY_WIDE = frozenset(
    {
        Capability.OPEN_ACCOUNTS,
        Capability.KEEP_RUNNING,
        Capability.UNLOCK_ACCOUNTS,
        Capability.RESET_SECOND_FACTOR,
        Capability.SEARCH_TRAIL,
        Capability.MANAGE_DEPARTMENTS,
        Capability.APPOINT_PEOPLE,
        Capability.HAND_ON_WORK,
        Capability.PUBLISH_ENTRIES,
        Capability.LOAD_INSTRUMENTS,
        Capability.CONFIRM_INSTRUMENTS,
        Capability.PROPOSE_CALENDARS,
        Capability.CONFIRM_CALENDARS,
        Capability.SUPERVISE,
    }
)

# What makes a licence valid or ends it: not from a phone that was bound a moment ago (ours, M.25).
SIGNING = frozenset(
    {Capability.ISSUE_LICENCES, Capability.SIGN_OFF_STOCK, Capability.CHANGE_LICENCES}
)


def permit(actor: Actor, capability: Capability, department_id: int | None = None) -> None:
    """Lets the act go on, or raises NotPermitted with the reason.

    `department_id` is whose row it is; the actor must act for that department unless the
    capability is one that the bureau holds over all of them.
    """
    if not actor.has(capability.value):
        if actor.kind is ActorKind.HOLDER:
            reason = f"您代办的权限里没有“{capability.words}”。请持证人本人办，或者请他改委托。"
            raise NotPermitted(capability.value, reason)
        raise NotPermitted(
            capability.value,
            f"您现在的岗位没有“{capability.words}”的权限，请交给有这个岗位的同事。",
        )
    ours = department_id is None or capability in COUNTY_WIDE
    if not ours and actor.department_id != department_id:
        raise NotPermitted(capability.value, "这一件属于其他单位。")
    if capability in SIGNING and actor.signs_from and clock.now() < actor.signs_from:
        until = actor.signs_from.astimezone(clock.BEIJING)
        raise NotPermitted(
            capability.value,
            f"您的动态口令刚绑定，{until:%m-%d %H:%M} 以后才能{capability.words}。"
            "急用，请本单位指定专人先核实绑定的是您本人。",
        )


def people_of(actor: Actor) -> tuple[int, int]:
    """The natural person who acts and the holder in whose place, as row ids.

    Raises NotPermitted for whoever has not signed in by a real-name check (M.20).
    """
    if actor.holder_id is None or actor.principal_id is None:
        raise NotPermitted("", "请先实名认证登录，再办这一步。")
    return actor.holder_id, actor.principal_id


def account_of(actor: Actor) -> int:
    """The acting person's account id. Raises RuleBroken where a machine or a holder acts (M.24)."""
    if actor.account_id is None:
        raise RuleBroken("M.24", "这一步要由工作人员本人办理。")
    return actor.account_id


def on_duty(actor: Actor) -> tuple[int, int]:
    """The account and the department of a member of staff, as row ids.

    Raises NotPermitted for whoever acts for no department.
    """
    if actor.account_id is None or actor.department_id is None:
        raise NotPermitted("", "请先登录，并选好岗位。")
    return actor.account_id, actor.department_id
