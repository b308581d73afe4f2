"""People, enterprises and birth certificates of the tests of acting for others (M.20)."""

from datetime import date

from licences.applications import capturing, issuing, receiving, reviewing
from licences.models import Application, Licence
from tests.cast import Cast
from tests.factories.licences import Applications
from tests.factories.parties import HolderFactory
from tests.factories.seals import seal_of
from tests.holders import holder_actor, mandate_of
from tests.usage.sealed import made
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Holder, Mandate, MandateKind, Power

BIRTH = "出生医学证明"
ALL = (Power.SEE, Power.SHOW, Power.COPY, Power.APPOINT)


def number_of(born: date, serial: int = 1) -> str:
    """A citizen id number of somebody born on a day, with a right check character."""
    body = f"140525{born:%Y%m%d}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def person(name: str, born: date = date(1985, 3, 2), serial: int = 1) -> Holder:
    """A natural person born on a day."""
    return HolderFactory(name=name, identity_number=number_of(born, serial))


def child(name: str) -> Holder:
    """A newborn whom nobody has given a number yet."""
    return HolderFactory(name=name, identity_type="", identity_number="")


def represented(person_: Holder, enterprise: Holder) -> tuple[Actor, Mandate]:
    """The legal representative, acting for the enterprise, and by what mandate."""
    mandate = mandate_of(person_, enterprise, kind=MandateKind.LEGAL_REPRESENTATIVE, powers=ALL)
    return holder_actor(person_, mandate), mandate


def birth_certificate(
    cast: Cast,
    of: Holder,
    *,
    mother: Holder,
    father: Holder | None = None,
    number: str = "T140525001",
    born_at: str = "2020-05-01 08:30",
    place: str = "market",
) -> Licence:
    """A child's birth certificate, sealed and in force."""
    applications = Applications(cast, kind=BIRTH, place=place)
    application = applications.received(holders=[of])
    values = {
        "holder_name": of.name,
        "sex": "女",
        "born_at": born_at,
        "gestation_weeks": "39",
        "weight": "3300",
        "length": "50",
        "institution": "泽州县人民医院",
        "mother_name": mother.name,
        "mother_citizen_id": mother.identity_number,
    }
    if father is not None:
        values |= {"father_name": father.name, "father_citizen_id": father.identity_number}
    application = capturing.capture(
        actor=applications.actor("clerk"),
        application=application,
        revision=application.revision,
        typed=values,
        licence_number=number,
        valid_from=clock.today(),
        valid_until=None,
        is_long_term=True,
    )
    return made(issued(applications, application))


def issued(applications: Applications, application: Application) -> Licence:
    """A captured application handed in, approved and signed off."""
    if not applications.department.seals.exists():
        seal_of(applications.department)
    row = receiving.submit(
        actor=applications.actor("clerk"), application=application, revision=application.revision
    )
    row = reviewing.approve(
        actor=applications.actor("reviewer"), application=row, revision=row.revision
    )
    return issuing.issue(
        actor=applications.actor("signatory"), application=row, revision=row.revision
    )
