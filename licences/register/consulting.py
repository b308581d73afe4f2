"""Reading a licence is an act: consult, open a masked value, take the file or a copy (M.25, M.26).

Whoever reloads a page does not consult anew: one record a person and licence an hour (ours;
the text sets no measure). Opening a value, taking a file and making a copy are recorded each
time.
"""

from datetime import timedelta

from audit.trail.recording import acting
from audit.trail.selectors import was_noted
from licences import data_items, values
from licences.models import Licence, LicenceFile, LicenceVersion
from licences.production.rendering import copy_of, entry_of, picture_of, sensitive_keys
from licences.register.selectors import is_in_force
from zezhou_portal.kernel import clock, files, vault
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import IdentityType
from zezhou_portal.parties.unmask_alarm import watch_unmasking
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

ONE_CONSULTATION = timedelta(hours=1)
HOLDER = "holder:"


def consult(*, actor: Actor, licence: Licence) -> bool:
    """Records that somebody reads a licence; False where the record of this hour is there.

    Article: M.25.
    """
    if is_noted(actor, licence, Action.LICENCE_CONSULTED):
        return False
    with acting(actor, Action.LICENCE_CONSULTED, licence.subject):
        permit(actor, Capability.CONSULT_REGISTER, licence.issuing_department_id)
    return True


def consult_trail(*, actor: Actor, licence: Licence) -> bool:
    """Records that the bureau's supervision reads a licence's trail: never its values (M.5).

    Article: M.25.
    """
    if is_noted(actor, licence, Action.HISTORY_CONSULTED):
        return False
    with acting(actor, Action.HISTORY_CONSULTED, licence.subject):
        permit(actor, Capability.SUPERVISE)
    return True


def unmask(*, actor: Actor, version: LicenceVersion, what: str) -> str:
    """A personal item's value, or a holder's number (`holder:<place>`), in full.

    The record names what was opened, never the value. Article: M.26.
    """
    value = _opened(actor, version, what)
    watch_unmasking(actor)
    return value


def _opened(actor: Actor, version: LicenceVersion, what: str) -> str:
    licence = version.licence
    with acting(actor, Action.VALUE_UNMASKED, licence.subject) as act:
        permit(actor, Capability.UNMASK_VALUES, licence.issuing_department_id)
        act.note("version", version.no)
        # what was asked for is noted once it is known to name something: it comes from outside
        if what.startswith(HOLDER):
            number = _holder_number(version, what.removeprefix(HOLDER))
            act.note("what", what)
            return number
        entry = entry_of(version)
        if what not in sensitive_keys(version, entry):
            raise RuleBroken("M.26", "没有可以查看的内容。")
        act.note("what", what)
        item = next(one for one in data_items.items_of(entry.items) if one.key == what)
        return values.thaw({item.key: version.frozen["values"][item.key]})[item.key]


def open_face(*, actor: Actor, version: LicenceVersion, page: int) -> bytes:
    """The face as SVG with nothing masked. Article: M.26."""
    licence = version.licence
    with acting(actor, Action.FACE_UNMASKED, licence.subject) as act:
        permit(actor, Capability.UNMASK_VALUES, licence.issuing_department_id)
        act.note("version", version.no)
        picture = picture_of(version, entry_of(version), page=page, whole=True)
    watch_unmasking(actor)
    return picture


def download(*, actor: Actor, version: LicenceVersion) -> bytes:
    """The sealed file as it was stored, checked against its digest.

    Raises RuleBroken where there is none: a file without a seal is never given out.
    Article: M.25.
    """
    licence = version.licence
    with acting(actor, Action.FILE_DOWNLOADED, licence.subject) as act:
        permit(actor, Capability.MAKE_COPIES, licence.issuing_department_id)
        file = LicenceFile.objects.filter(version=version).first()
        if file is None:
            raise RuleBroken("M.7", "还没有制证，没有可以下载的文件。制证完成后再来。")
        act.note("file", file.digest)
        try:
            return files.read(file.digest)
        except (files.FileMissing, files.FileAltered) as fault:
            raise RuleBroken(
                "M.25", "存着的文件不见了或与入库时不一致，不能下载。请马上找系统管理员。"
            ) from fault


def make_copy(*, actor: Actor, licence: Licence) -> bytes:
    """The reading copy of a licence in force as PDF; it says that it is a copy.

    Article: S.10.
    """
    with acting(actor, Action.COPY_MADE, licence.subject) as act:
        permit(actor, Capability.MAKE_COPIES, licence.issuing_department_id)
        if not is_in_force(licence, clock.today()):
            raise RuleBroken("S.10", "这份证照现在不是有效状态，不能出阅览件。")
        version = LicenceVersion.objects.select_related("licence", "seal_use__seal").get(
            licence=licence, no=licence.version_no
        )
        act.note("version", version.no)
        return copy_of(version, entry_of(version))


def is_noted(actor: Actor, licence: Licence, action: Action) -> bool:
    """Whether this person's record of the hour is there already."""
    since = clock.now() - ONE_CONSULTATION
    return was_noted(licence.subject, action.code, actor.key, since)


def _holder_number(version: LicenceVersion, place: str) -> str:
    holders = version.frozen["holders"]
    places = {str(number): holder for number, holder in enumerate(holders)}
    found = places.get(place)
    if found is None or not found["number"] or found["type"] == IdentityType.CREDIT_CODE:
        raise RuleBroken("M.26", "没有可以查看的号码。")
    return vault.decrypt(found["number"])
