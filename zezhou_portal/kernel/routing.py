"""Two connections, one database: reads, writes and migrations use `default`."""


class OneDatabase:
    """Keeps the `refusals` connection for the trail's refusals alone."""

    def db_for_read(self, model: object, **hints: object) -> str:  # noqa: ARG002
        """Every read goes to `default`."""
        return "default"

    def db_for_write(self, model: object, **hints: object) -> str:  # noqa: ARG002
        """Every write goes to `default`."""
        return "default"

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:  # noqa: ARG002
        """Rows of one database may point at each other."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:  # noqa: ARG002
        """Migrations run once, on `default`."""
        return db == "default"
