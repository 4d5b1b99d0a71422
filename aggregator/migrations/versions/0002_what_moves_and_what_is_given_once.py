"""A revision that every write of what matching reads moves, and the highest listing id ever given."""

import sqlalchemy as sa
from alembic import op

from aggregator.tables import WIDE

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HIGHEST = "(SELECT coalesce(max(id), 0) FROM listing)"


def upgrade() -> None:
    with op.batch_alter_table("catalogue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", WIDE, autoincrement=False, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("listings", WIDE, autoincrement=False, nullable=False, server_default="0"))
    op.execute(f"UPDATE catalogue SET revision = version, listings = {HIGHEST}")  # noqa: S608 - a constant
    with op.batch_alter_table("catalogue", schema=None) as batch_op:
        batch_op.alter_column("revision", existing_type=WIDE, server_default=None)
        batch_op.alter_column("listings", existing_type=WIDE, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("catalogue", schema=None) as batch_op:
        batch_op.drop_column("listings")
        batch_op.drop_column("revision")
