"""Differences between us and Cal.com that could not be mended, and how far we have compared.

Revision: 0003, after 0002.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("sync_failure", "watermark"):
        op.execute(BEHIND_A_WALL.format(table=table))


BEHIND_A_WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON {table}
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO slotline_app;
"""

TABLES = """
CREATE TABLE sync_failure (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    booking_id uuid,
    ours jsonb,
    theirs jsonb,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    mended_at timestamptz,
    CONSTRAINT pk_sync_failure PRIMARY KEY (id),
    CONSTRAINT fk_sync_failure_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_sync_failure_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id),
    CONSTRAINT ck_sync_failure_kind
        CHECK (kind IN ('stands_though_dead', 'twin', 'other_attendee', 'other_record',
                        'unrecorded', 'unknown_there')),
    CONSTRAINT ck_sync_failure_ours_is_object CHECK (jsonb_typeof(ours) = 'object'),
    CONSTRAINT ck_sync_failure_theirs_is_object CHECK (jsonb_typeof(theirs) = 'object')
);
CREATE UNIQUE INDEX uq_sync_failure_open
    ON sync_failure (business_id, kind, subject) WHERE mended_at IS NULL;

CREATE TABLE watermark (
    business_id uuid NOT NULL,
    source text NOT NULL,
    reached_at timestamptz NOT NULL,
    CONSTRAINT pk_watermark PRIMARY KEY (business_id, source),
    CONSTRAINT fk_watermark_business_id FOREIGN KEY (business_id) REFERENCES business (id)
);
"""
