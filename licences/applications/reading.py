"""Reading an application's documents and its preview is an act (M.25, M.26).

Both show personal values in full. Every opening of a document is recorded; of a preview one
record a person and application an hour, as of a licence (`licences.register.consulting`; ours).
"""

from audit.trail.recording import acting
from audit.trail.selectors import was_noted
from licences.applications.unmasking import hidden_from
from licences.models import Application, Attachment
from licences.production.face_input import draft_of, preview_of
from licences.register.consulting import ONE_CONSULTATION
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault

# Whoever has a hand in applications may read them; any one of these is enough.
READERS = (
    Capability.RECEIVE_APPLICATIONS,
    Capability.CAPTURE_VALUES,
    Capability.REVIEW_APPLICATIONS,
    Capability.ISSUE_LICENCES,
)


def open_attachment(*, actor: Actor, attachment: Attachment) -> bytes:
    """A document's bytes, checked against their digest; each opening is recorded.

    The record names the file by its digest, never by its title. Article: M.25.
    """
    application = attachment.application
    with acting(actor, Action.FILE_OPENED, application.subject) as act:
        _permit_reading(actor, application)
        act.note("file", attachment.digest)
        return files.read(attachment.digest)


def open_preview(*, actor: Actor, application: Application) -> bytes:
    """The face as it will be, as SVG; the record of this hour is made where there is none.

    Raises RuleBroken where it cannot be drawn; then nothing was read. Article: M.25.
    """
    picture = preview_of(application, hidden=hidden_from(actor, application))
    _note_preview(actor, application)
    return picture


def open_draft(*, actor: Actor, application: Application) -> tuple[bytes | None, list[Fault]]:
    """The face of an application as it is being captured, and what would not stand on it.

    The application holds what is typed and not saved; recorded as a preview is. Article: M.25.
    """
    drawn = draft_of(application, hidden=hidden_from(actor, application))
    _note_preview(actor, application)
    return drawn


def _note_preview(actor: Actor, application: Application) -> None:
    """One record a person, application and hour."""
    subject = application.subject
    since = clock.now() - ONE_CONSULTATION
    if was_noted(subject, Action.PREVIEW_OPENED.code, actor.key, since):
        _permit_reading(actor, application)
        return
    with acting(actor, Action.PREVIEW_OPENED, subject):
        _permit_reading(actor, application)


def _permit_reading(actor: Actor, application: Application) -> None:
    held = (one for one in READERS if actor.has(one.value))
    permit(actor, next(held, READERS[0]), application.issuing_department_id)
