"""What Alembic runs to migrate: on the connection that `data.migrate` hands over."""

from alembic import context

from data.migrate import compared
from data.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # All steps or none, on SQLite too: it can create and drop tables in a transaction.
    transactional_ddl=True,
    **compared(connection.dialect.name),
)
with context.begin_transaction():
    context.run_migrations()
