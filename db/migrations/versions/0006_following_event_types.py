"""What Cal.com says about an event type is followed, and whether its link is whole is known.

Revision: 0006, after 0005.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(GRANTS)


COLUMNS = """
ALTER TABLE event_type
    ADD COLUMN required_fields text[] NOT NULL DEFAULT '{}',
    ADD COLUMN working_hours jsonb,
    ADD COLUMN unlinked_because text,
    ADD COLUMN unlinked_since timestamptz,
    ADD COLUMN synced_at timestamptz,
    ADD CONSTRAINT ck_event_type_unlinked_because
        CHECK (unlinked_because IN ('gone', 'key_refused', 'unbookable')),
    ADD CONSTRAINT ck_event_type_unlinked_since
        CHECK ((unlinked_because IS NULL) = (unlinked_since IS NULL)),
    ADD CONSTRAINT ck_event_type_working_hours_is_object
        CHECK (jsonb_typeof(working_hours) = 'object');
"""

# What is Cal.com's own; names, kinds and services stay the owner's.
GRANTS = """
GRANT UPDATE (
    length_minutes, before_buffer_minutes, after_buffer_minutes, minimum_notice_minutes,
    booking_window_days, slot_interval_minutes, seats, requires_confirmation, staff_id, host_ids,
    required_fields, working_hours, unlinked_because, unlinked_since, synced_at
) ON event_type TO slotline_app;
"""
