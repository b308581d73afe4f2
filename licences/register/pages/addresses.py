"""Where a licence is found."""

from django.urls import reverse

from licences.models import Licence


def licence_address(licence: Licence) -> str:
    """The licence's page in the register."""
    return reverse("licences:licence", args=[licence.identifier])
