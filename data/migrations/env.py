"""What Alembic runs to migrate: in the transaction of the connection that `data.migrate` opened."""

from alembic import context

from data.migrate import compared
from data.placed import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    **compared(connection.dialect.name),
)
with context.begin_transaction():
    context.run_migrations()
