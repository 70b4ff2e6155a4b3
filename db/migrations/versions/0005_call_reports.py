"""What platforms tell of calls: how they ended, what they cost, where they can be heard.

Revision: 0005, after 0004.

Code that knows none of it may go on running: every new column has a default or may be empty.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(CALLS)
    op.execute(RECORDINGS)
    op.execute(OF_WORKERS)
    op.execute(OF_CALENDARS)


CALLS = """
ALTER TABLE call
    ADD COLUMN ending text,
    ADD COLUMN end_reason text,
    ADD COLUMN summary text,
    ADD COLUMN sentiment text,
    ADD COLUMN latency jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN cost_amount numeric,
    ADD COLUMN cost_currency text,
    ADD CONSTRAINT ck_call_ending
        CHECK (ending IN ('caller_hung_up', 'agent_hung_up', 'transferred', 'voicemail', 'silence',
                          'too_long', 'not_connected', 'fault', 'other')),
    ADD CONSTRAINT ck_call_latency_is_object CHECK (jsonb_typeof(latency) = 'object');
CREATE INDEX ix_call_ongoing ON call (business_id, updated_at) WHERE state = 'ongoing';
"""

RECORDINGS = """
CREATE TABLE recording (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid NOT NULL,
    channel text NOT NULL,
    state text NOT NULL DEFAULT 'due',
    source_url text,
    expires_at timestamptz,
    stored_as text,
    media_type text,
    size_bytes bigint,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    error text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_recording PRIMARY KEY (id),
    CONSTRAINT fk_recording_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_recording_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT uq_recording_business_id_call_id_channel UNIQUE (business_id, call_id, channel),
    CONSTRAINT ck_recording_channel CHECK (channel IN ('mixed', 'separate', 'caller', 'agent')),
    CONSTRAINT ck_recording_state CHECK (state IN ('due', 'stored', 'failed')),
    CONSTRAINT ck_recording_stored_somewhere CHECK (state <> 'stored' OR stored_as IS NOT NULL)
);
CREATE INDEX ix_recording_due ON recording (due_at) WHERE due_at IS NOT NULL;
ALTER TABLE recording ENABLE ROW LEVEL SECURITY;
ALTER TABLE recording FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON recording
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON recording TO slotline_app;
"""

# Each kind of worker leases the events that it can apply, and the recordings that must be fetched.
OF_WORKERS = """
GRANT SELECT (source) ON inbox_event TO slotline_worker;
GRANT SELECT (id, business_id, due_at, attempts), UPDATE (due_at, attempts)
    ON recording TO slotline_worker;
CREATE POLICY due ON recording FOR SELECT TO slotline_worker USING (due_at IS NOT NULL);
CREATE POLICY leased ON recording FOR UPDATE TO slotline_worker USING (due_at IS NOT NULL);
"""

# The inbox now also holds what phone platforms tell, which is nothing of the calendar's; and what
# Cal.com tells is recorded with the booking that it is about, when it is applied.
OF_CALENDARS = """
DROP TRIGGER calendar_event ON inbox_event;
DROP FUNCTION record_calendar_event();
"""
