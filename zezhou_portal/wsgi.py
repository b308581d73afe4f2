"""WSGI entry; production settings unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("PORTAL_STATEMENT_SECONDS", "30")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zezhou_portal.settings.production")

application = get_wsgi_application()

# After Django is set up: what is missing stops the start, with a sentence for each.
from zezhou_portal.checks import stop_if_unsafe  # noqa: E402

stop_if_unsafe()

# Every page is imported before the worker takes its first caller, who would
# wait two seconds for it.
from django.urls import reverse  # noqa: E402

reverse("portal:desk")

# The first reader of a copy in PDF does not wait for its writer.
from licences.production.face.pdf import open_writer  # noqa: E402

open_writer()
