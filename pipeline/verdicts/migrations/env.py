"""Run the steps on a connection that the caller has opened, inside its transaction."""

from alembic import context

from pipeline.verdicts.schema import VERSIONS, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSIONS
)
context.run_migrations()
