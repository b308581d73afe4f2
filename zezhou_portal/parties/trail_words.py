"""The words of the parties' codes on the trail."""

from django.conf import settings

from audit.trail.vocabulary.facts import give_words
from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.lifecycle import MANDATE
from zezhou_portal.parties.mandates.rules import ENDING_WORDS
from zezhou_portal.parties.models import (
    Basis,
    DepartmentFunction,
    IdentityType,
    MandateKind,
    Power,
)
from zezhou_portal.parties.models.department import DEPARTMENT_KINDS
from zezhou_portal.regulation.numbers import NUMBERS

give_words(
    codes={
        "role": dict(Role.choices),
        "functions": dict(DepartmentFunction.choices),
        "identity_type": dict(IdentityType.choices),
        "kind": {**dict(MandateKind.choices), **dict(DEPARTMENT_KINDS)},
        "mandate_state": MANDATE.labels,
        "numbers": {code: f"{one.words}（{one.unit}）" for code, one in NUMBERS.items()},
        "powers": dict(Power.choices),
        "basis": dict(Basis.choices),
        "reason": {ending.value: words for ending, words in ENDING_WORDS.items()},
        "provider": {key: provider.label for key, provider in settings.PORTAL_IDENTITY.items()},
    }
)
