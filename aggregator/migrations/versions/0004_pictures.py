"""The pictures of events, and the address of its picture as a column of each event."""

import json

import sqlalchemy as sa
from alembic import op

from aggregator.tables import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("small_width", sa.Integer(), nullable=True),
        sa.Column("small_height", sa.Integer(), nullable=True),
        sa.Column("large", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("tried", Instant(), nullable=False),
        sa.Column("due", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_picture_name"), ["name"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("image", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_event_image"), ["image"], unique=False)
    _fill()


def _fill() -> None:
    """The address that each event tells already."""
    event = sa.table("event", sa.column("id", sa.Text()), sa.column("body", sa.Text()), sa.column("image", sa.Text()))
    connection = op.get_bind()
    for id, body in connection.execute(sa.select(event.c.id, event.c.body)).all():
        image = json.loads(body)["content"].get("image")
        if image:
            connection.execute(sa.update(event).where(event.c.id == id).values(image=image))


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_image"))
        batch_op.drop_column("image")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_picture_name"))

    op.drop_table("picture")
