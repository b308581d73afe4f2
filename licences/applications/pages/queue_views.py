"""The lists of applications to capture and to review (M.7)."""

from collections.abc import Sequence

from licences.applications.waiting import ROOM
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.pages import WorkListPage
from zezhou_portal.parties.waiting.queues import Room


class _Applications(WorkListPage):
    template_name = "licences/applications.html"

    def rooms(self) -> Sequence[Room]:
        return (ROOM,)


class CaptureQueue(_Applications):
    """What the department still has to capture, in whosever hand."""

    capability = (Capability.RECEIVE_APPLICATIONS, Capability.CAPTURE_VALUES)
    title = "信息采集"
    step = "to-capture"


class ReviewQueue(_Applications):
    """What waits for a review by this person."""

    capability = Capability.REVIEW_APPLICATIONS
    title = "信息审核"
    step = "review"
