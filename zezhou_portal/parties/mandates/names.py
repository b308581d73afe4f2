"""The name of somebody whom a mandate alone has named so far (M.20, M.26).

Who appoints an agent types a name and a number. If the name is wrong and the portal knows nobody
of that number yet, the person must not be kept out of their own wallet by it, and must not come
into a stranger's either.
"""

from django.db.models import Q

from audit.trail.recording import Act, concealed
from zezhou_portal.kernel.locks import lock, lock_all
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.holders.selectors import is_only_named
from zezhou_portal.parties.mandates.ending import close
from zezhou_portal.parties.mandates.rules import Ending
from zezhou_portal.parties.models import Holder, Mandate
from zezhou_portal.regulation.actions import Action


def take_name(*, act: Act, holder: Holder, name: str) -> Holder:
    """Gives a holder whom only a mandate has named the name that an identity service proves.

    Mandates that were given under the other name end: name and number were not the same
    person's. A holder whom anybody else has dealt with keeps their name. Belongs to the
    sign-in's own act. Article: M.20, M.26.
    """
    if normalise_name(holder.name) == normalise_name(name) or not is_only_named(holder):
        return holder
    row = lock(Holder.objects.all(), pk=holder.pk)
    facts = {"name_before": concealed(row.name), "name_after": concealed(name)}
    row.name, row.name_bigrams = name, bigrams(name)
    row.save(update_fields=["name", "name_bigrams"])
    act.add_record(row.subject, facts, Action.HOLDER_CHANGED)
    theirs = Mandate.objects.filter(Q(agent=row) | Q(principal=row), ended_at__isnull=True)
    for mandate in lock_all(theirs):
        close(act, mandate, Ending.NAME_DIFFERED)
    return row
