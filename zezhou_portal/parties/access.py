"""permit(): the one place that says yes (M.25, M.26)."""

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.errors import NotPermitted

# Capabilities of the bureau's roles that reach every department, because the law says so:
# M.5 (catalogue, supervision), M.24 (named persons), M.27 (supervision).
COUNTY_WIDE = frozenset(
    {
        Capability.OPEN_ACCOUNTS,
        Capability.UNLOCK_ACCOUNTS,
        Capability.RESET_SECOND_FACTOR,
        Capability.SEARCH_TRAIL,
        Capability.MANAGE_DEPARTMENTS,
        Capability.APPOINT_PEOPLE,
        Capability.HAND_ON_WORK,
        Capability.PUBLISH_ENTRIES,
        Capability.LOAD_INSTRUMENTS,
        Capability.SUPERVISE,
    }
)


def permit(actor: Actor, capability: Capability, department_id: int | None = None) -> None:
    """Lets the act go on, or raises NotPermitted with the reason.

    `department_id` is whose row it is; the actor must act for that department unless the
    capability is one that the bureau holds over all of them.
    """
    if not actor.has(capability.value):
        raise NotPermitted(
            capability.value,
            f"您现在的岗位没有“{capability.words}”的权限，请交给有这个岗位的同事。",
        )
    if department_id is None or capability in COUNTY_WIDE:
        return
    if actor.department_id != department_id:
        raise NotPermitted(capability.value, "这一件属于其他单位。")
