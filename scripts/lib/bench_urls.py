"""The portal's site map, and the bare views that its checks are measured beside."""

import json

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from licences.models import LicenceVersion
from zezhou_portal.urls import urlpatterns as portal

# Made by bench_checks as the database's owner.
TABLES = """
CREATE TABLE IF NOT EXISTS bench_row (id integer PRIMARY KEY, n integer NOT NULL);
CREATE TABLE IF NOT EXISTS bench_note (id bigserial PRIMARY KEY, at timestamptz, said jsonb);
GRANT SELECT, INSERT, UPDATE ON bench_row, bench_note TO portal_app;
GRANT USAGE ON SEQUENCE bench_note_id_seq TO portal_app;
INSERT INTO bench_row SELECT n, 0 FROM generate_series(1, 4096) AS n ON CONFLICT DO NOTHING;
"""
_SAID = json.dumps({"outcome": "valid", "answers": [{"code": f"question_{n}"} for n in range(10)]})


@csrf_exempt
def write(request: HttpRequest) -> JsonResponse:
    """One UPDATE and two INSERTs in one transaction, and nothing else."""
    number = int(json.loads(request.body)["n"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bench_row SET n = n + 1 WHERE id = %s", [number % 4096 + 1])
        cursor.execute("INSERT INTO bench_note (at, said) VALUES (now(), %s)", [_SAID])
        cursor.execute("INSERT INTO bench_note (at, said) VALUES (now(), %s)", [_SAID])
    return JsonResponse({"done": True})


def read(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    """One SELECT by an indexed column, and nothing else."""
    found = LicenceVersion.objects.filter(check_code=code).values_list("identifier").first()
    return HttpResponse(found[0] if found else "", content_type="text/plain")


urlpatterns = [
    path("bench/write", write),
    path("bench/read/<str:code>", read),
    *portal,
]
