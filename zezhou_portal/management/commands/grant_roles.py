"""Makes the database's roles and gives each what it may do; run by the owner after migrate.

The role that the portal runs as owns nothing: it cannot switch a trigger off, drop a table or
change a record of the trail, whatever a fault in the portal's code asks for (M.25).
"""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg2 import sql

from zezhou_portal.settings import env

APP = "portal_app"
AUDITOR = "portal_auditor"
BACKUP = "portal_backup"
ROLES = {
    APP: "PORTAL_APP_PASSWORD",
    AUDITOR: "PORTAL_AUDITOR_PASSWORD",
    BACKUP: "PORTAL_BACKUP_PASSWORD",
}

TRAIL = "audit_trail_record"
# Tables whose rows are written once: the runtime role may read and add.
APPEND_ONLY = (TRAIL, "usage_verification", "usage_usagerecord")
# A table whose rows are written once and cleared when they are old enough: a trigger says when.
ORIGINS = "audit_trail_origin"
# Tables that only migrations write.
READ_ONLY = ("django_migrations",)


class Command(BaseCommand):
    """manage.py grant_roles"""

    help = "Makes the roles portal_app, portal_auditor and portal_backup and grants their rights."
    # They read every page of the site, which takes longer than the grants; migrate has asked.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Grants everything anew; harmless to repeat. Raises CommandError for a non-owner."""
        with connection.cursor() as cursor:

            def run(statement: str, **names: str) -> None:
                composed = sql.SQL(statement).format(
                    **{key: sql.Identifier(name) for key, name in names.items()}
                )
                cursor.execute(composed)

            self._refuse_runtime_role(cursor)
            for role, variable in ROLES.items():
                self._make(cursor, role, env.secret(variable, ""))
            tables = self._tables(cursor)
            self._grant(run, tables)
        if options["verbosity"]:
            self.stdout.write(f"{len(ROLES)} roles, {len(tables)} tables granted")

    def _refuse_runtime_role(self, cursor: Any) -> None:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] in ROLES:
            raise CommandError("grant_roles runs as the owner: set DATABASE_URL to its address")

    def _make(self, cursor: Any, role: str, password: str) -> None:
        """Makes a role; gives it a password where the environment holds one for it."""
        name = sql.Identifier(role)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            # Another set-up at the same server may be making the same role this instant.
            cursor.execute(
                sql.SQL(
                    "DO $$ BEGIN CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;"
                    " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
                ).format(name)
            )
        if password:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(name), [password])

    def _tables(self, cursor: Any) -> list[tuple[str, bool]]:
        """Every table of the portal and whether it is a partition of another."""
        cursor.execute(
            "SELECT relname, relispartition FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " ORDER BY relname"
        )
        return list(cursor.fetchall())

    def _grant(self, run: Callable[..., None], tables: list[tuple[str, bool]]) -> None:
        roles = {"app": APP, "auditor": AUDITOR, "backup": BACKUP}
        run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        run("GRANT USAGE ON SCHEMA public TO {app}, {auditor}, {backup}", **roles)
        for table, is_partition in tables:
            names = {"table": table, **roles}
            run("REVOKE ALL ON {table} FROM PUBLIC, {app}, {auditor}, {backup}", **names)
            run("GRANT SELECT ON {table} TO {backup}", **names)
            if is_partition:
                continue  # reached through its parent, whose rights decide
            run(f"GRANT {self._rights(table)} ON {{table}} TO {{app}}", **names)
            if table == TRAIL:
                run("GRANT SELECT ON {table} TO {auditor}", **names)
        run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}", **roles)
        run("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {backup}", **roles)
        # Partitions made between two migrations are backed up too; the runtime role gets
        # nothing by default, so that no future table of the trail is writable by accident.
        run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {backup}", **roles)
        run(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO {backup}",
            **roles,
        )
        # A function that runs with the owner's rights is for the portal, not for everybody.
        run("REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
        run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}", **roles)

    def _rights(self, table: str) -> str:
        if table in APPEND_ONLY:
            return "SELECT, INSERT"
        if table == ORIGINS:
            return "SELECT, INSERT, DELETE"
        if table in READ_ONLY:
            return "SELECT"
        return "SELECT, INSERT, UPDATE, DELETE"
