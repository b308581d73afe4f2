"""The words of the codes of the use of licences on the trail."""

from audit.trail.vocabulary.facts import give_words
from usage.lifecycle import PRESENTATION
from usage.models import Mode
from usage.verifying.outcomes import Outcome
from usage.window.identity_checks import IDENTITY_CHECKS

give_words(
    states={"presentation": PRESENTATION.labels},
    codes={
        "mode": dict(Mode.choices),
        "outcome": {outcome.key: outcome.sentence.rstrip("。") for outcome in Outcome},
        "identity_check": {check.code: check.words for check in IDENTITY_CHECKS},
    },
)
