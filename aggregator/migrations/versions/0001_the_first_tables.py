"""The first tables."""

import sqlalchemy as sa
from alembic import op

from aggregator.tables import WIDE, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("listing", WIDE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "listing"),
    )
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.create_index("block_listing", ["listing"], unique=False)

    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("version", WIDE, autoincrement=False, nullable=False),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.Column("statistics", sa.Text(), nullable=True),
        sa.Column("daily", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "change",
        sa.Column("id", WIDE, autoincrement=True, nullable=False),
        sa.Column("version", WIDE, nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_version"), ["version"], unique=False)

    op.create_table(
        "chunk",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_table(
        "decision",
        sa.Column("id", WIDE, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("listings", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("made", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("undone", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "edge",
        sa.Column("a", WIDE, autoincrement=False, nullable=False),
        sa.Column("b", WIDE, autoincrement=False, nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("a", "b"),
    )
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.create_index("edge_b", ["b"], unique=False)
        batch_op.create_index(batch_op.f("ix_edge_band"), ["band"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", WIDE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("founder", WIDE, nullable=False),
        sa.Column("withdrawn", Instant(timezone=True), nullable=True),
        sa.Column("over", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_founder"), ["founder"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_over"), ["over"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_series"), ["series"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_version"), ["version"], unique=False)

    op.create_table(
        "fetch",
        sa.Column("id", WIDE, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("fetch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fetch_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetch_source"), ["source"], unique=False)

    op.create_table(
        "host",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("free", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token", WIDE, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("expires", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "listing",
        sa.Column("id", WIDE, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("recurrence", sa.Text(), nullable=False),
        sa.Column("chunk", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("first_seen", Instant(timezone=True), nullable=False),
        sa.Column("changed", Instant(timezone=True), nullable=False),
        sa.Column("withdrawn", Instant(timezone=True), nullable=True),
        sa.Column("over", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_event"), ["event"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_over"), ["over"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_withdrawn"), ["withdrawn"], unique=False)
        batch_op.create_index("listing_key", ["source", "uid", "recurrence"], unique=True)

    op.create_table(
        "redirect",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("since", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("redirect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redirect_target"), ["target"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kept", Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_kept"), ["kept"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_due"), ["due"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_due"))

    op.drop_table("source")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_kept"))

    op.drop_table("snapshot")
    with op.batch_alter_table("redirect", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_redirect_target"))

    op.drop_table("redirect")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("listing_key")
        batch_op.drop_index(batch_op.f("ix_listing_withdrawn"))
        batch_op.drop_index(batch_op.f("ix_listing_source"))
        batch_op.drop_index(batch_op.f("ix_listing_over"))
        batch_op.drop_index(batch_op.f("ix_listing_event"))

    op.drop_table("listing")
    op.drop_table("lease")
    op.drop_table("host")
    with op.batch_alter_table("fetch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fetch_source"))
        batch_op.drop_index(batch_op.f("ix_fetch_at"))

    op.drop_table("fetch")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_version"))
        batch_op.drop_index(batch_op.f("ix_event_series"))
        batch_op.drop_index(batch_op.f("ix_event_over"))
        batch_op.drop_index(batch_op.f("ix_event_founder"))

    op.drop_table("event")
    with op.batch_alter_table("edge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edge_band"))
        batch_op.drop_index("edge_b")

    op.drop_table("edge")
    op.drop_table("decision")
    op.drop_table("chunk")
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_version"))
        batch_op.drop_index(batch_op.f("ix_change_event"))
        batch_op.drop_index(batch_op.f("ix_change_at"))

    op.drop_table("change")
    op.drop_table("catalogue")
    with op.batch_alter_table("block", schema=None) as batch_op:
        batch_op.drop_index("block_listing")

    op.drop_table("block")
