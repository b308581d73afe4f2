"""Who acts at a desk, as the rows name them (M.25)."""

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.regulation.errors import NotPermitted


def on_duty(actor: Actor) -> tuple[int, int]:
    """The account and the department of a member of staff, as row ids.

    Raises NotPermitted for whoever acts for no department.
    """
    if actor.account_id is None or actor.department_id is None:
        raise NotPermitted("", "请先登录，并选好岗位。")
    return actor.account_id, actor.department_id
