"""What holders do with their own licences: open a card, take the file or a reading copy (M.20).

The holder's own looks are told apart from others' in the history, so they are kept too; whoever
turns pages does not open a card anew: one record a person and licence an hour (ours).
"""

from audit.trail.recording import acting
from licences.models import Licence, LicenceVersion
from licences.production.rendering import copy_of, entry_of
from licences.register.consulting import is_noted
from licences.register.selectors import is_in_force
from licences.register.visibility import demand_held
from usage.wallet.selectors import present_version
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_GONE = "存着的文件不见了或与入库时不一致，不能下载。证照本身没有变，请告诉制发单位或者拨打 12345。"


def open_card(*, actor: Actor, licence: Licence) -> bool:
    """Records that a holder opens one of their licences; False where this hour's is there.

    Article: M.20, M.25.
    """
    if is_noted(actor, licence, Action.LICENCE_CONSULTED):
        return False
    with acting(actor, Action.LICENCE_CONSULTED, licence.subject):
        permit(actor, Capability.SEE_OWN_LICENCES)
        demand_held(actor, licence)
    return True


def take_file(*, actor: Actor, licence: Licence) -> bytes:
    """The sealed file of a licence in force as it was stored, checked against its digest.

    Article: M.20, M.25.
    """
    with acting(actor, Action.FILE_DOWNLOADED, licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        version = demand_in_force(actor, licence)
        act.note("version", version.no)
        act.note("file", version.file.digest)
        try:
            return files.read(version.file.digest)
        except (files.FileMissing, files.FileAltered) as fault:
            raise RuleBroken("M.25", _GONE) from fault


def take_copy(*, actor: Actor, licence: Licence) -> bytes:
    """The reading copy of a licence in force as PDF; it says that it is a copy.

    Article: M.20, S.10.
    """
    with acting(actor, Action.COPY_MADE, licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        version = demand_in_force(actor, licence)
        act.note("version", version.no)
        return copy_of(version, entry_of(version))


def demand_in_force(actor: Actor, licence: Licence) -> LicenceVersion:
    """The present version of a held licence that is in force today; raises RuleBroken else."""
    demand_held(actor, licence)
    if not is_in_force(licence, clock.today()):
        raise RuleBroken(
            "S.10", "这份证照现在不是有效状态，不能下载，也不能制作加注件。证照没有别的变化。"
        )
    return present_version(licence)
