"""The first schema: tables, the rules that guard them, and who may see which rows.

Revision: 0001, the first.

Migrations go forward only; what one got wrong the next one mends.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(TABLES)
    for table in (*SETTINGS, *RECORDS):
        op.execute(BEHIND_A_WALL.format(table=table))
    op.execute(ROLES)
    op.execute(GRANTS.format(settings=", ".join(SETTINGS), records=", ".join(RECORDS)))
    for queue in QUEUES:
        op.execute(LEASED_BY_WORKERS.format(queue=queue))


SETTINGS = ["credential", "line", "staff", "service", "event_type"]
"""What a business is: written by the owner's commands, read by the application."""

RECORDS = [
    "customer",
    "customer_number",
    "call",
    "turn",
    "tool_call",
    "booking",
    "claim",
    "inbox_event",
    "flag",
]
"""What happens at a business: written by the application."""

QUEUES = ["booking", "inbox_event"]
"""Tables whose rows fall due."""

# The owner is subject to it too (FORCE): whoever forgets to set the business sees no row at all.
BEHIND_A_WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON {table}
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
"""

# Roles belong to the whole cluster: another database's migration may be creating them right now,
# and its lead shows as one of these errors.
ROLES = """
DO $$
DECLARE
    wanted name;
    may_assume text := 'MEMBER';
    terms text := '';
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        may_assume := 'SET';
        terms := ' WITH INHERIT FALSE, SET TRUE';
    END IF;
    FOR attempt IN 1..5 LOOP
        BEGIN
            FOREACH wanted IN ARRAY ARRAY['slotline_app', 'slotline_worker'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
                END IF;
                IF NOT pg_has_role(wanted, may_assume) THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', wanted) || terms;
                END IF;
            END LOOP;
            EXIT;
        EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
            IF attempt = 5 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
END
$$
"""

GRANTS = """
GRANT USAGE ON SCHEMA public TO slotline_app, slotline_worker;
GRANT SELECT ON business, {settings} TO slotline_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON {records} TO slotline_app;
GRANT SELECT (id, slug, status) ON business TO slotline_worker;
"""

# A worker finds what is due in any business, and may put it off; it reads nothing else of it.
LEASED_BY_WORKERS = """
GRANT SELECT (id, business_id, due_at, attempts), UPDATE (due_at, attempts)
    ON {queue} TO slotline_worker;
CREATE POLICY due ON {queue} FOR SELECT TO slotline_worker USING (due_at IS NOT NULL);
CREATE POLICY leased ON {queue} FOR UPDATE TO slotline_worker USING (due_at IS NOT NULL);
"""

TABLES = r"""
CREATE TABLE business (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL,
    language text NOT NULL,
    status text NOT NULL DEFAULT 'active',
    attendee_email_domain text NOT NULL,
    calcom_base_url text,
    calcom_versions jsonb NOT NULL DEFAULT '{}',
    transfer_number text,
    policies jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_business PRIMARY KEY (id),
    CONSTRAINT uq_business_slug UNIQUE (slug),
    CONSTRAINT ck_business_slug_fits_a_path CHECK (slug ~ '^[a-z0-9][a-z0-9-]*$'),
    CONSTRAINT ck_business_status CHECK (status IN ('active', 'disabled')),
    CONSTRAINT ck_business_calcom_versions_is_object
        CHECK (jsonb_typeof(calcom_versions) = 'object'),
    CONSTRAINT ck_business_policies_is_object CHECK (jsonb_typeof(policies) = 'object')
);

CREATE TABLE credential (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    name text NOT NULL,
    secret_encrypted bytea NOT NULL,
    created_at timestamptz NOT NULL,
    retires_at timestamptz,
    CONSTRAINT pk_credential PRIMARY KEY (id),
    CONSTRAINT fk_credential_business_id FOREIGN KEY (business_id) REFERENCES business (id)
);
CREATE INDEX ix_credential_business_id_name ON credential (business_id, name);

CREATE TABLE line (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL,
    language text NOT NULL,
    opening_hours jsonb,
    closed_days date[] NOT NULL DEFAULT '{}',
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_line PRIMARY KEY (id),
    CONSTRAINT fk_line_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_line_business_id_id UNIQUE (business_id, id),
    CONSTRAINT uq_line_business_id_number UNIQUE (business_id, number),
    CONSTRAINT ck_line_opening_hours_is_object CHECK (jsonb_typeof(opening_hours) = 'object')
);

CREATE TABLE staff (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    calcom_user_id bigint,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_staff PRIMARY KEY (id),
    CONSTRAINT fk_staff_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_staff_business_id_id UNIQUE (business_id, id),
    CONSTRAINT uq_staff_business_id_slug UNIQUE (business_id, slug)
);

CREATE TABLE service (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    synonyms text[] NOT NULL DEFAULT '{}',
    phases jsonb,
    position integer NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_service PRIMARY KEY (id),
    CONSTRAINT fk_service_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_service_business_id_id UNIQUE (business_id, id),
    CONSTRAINT uq_service_business_id_slug UNIQUE (business_id, slug),
    CONSTRAINT ck_service_phases_is_array CHECK (jsonb_typeof(phases) = 'array')
);

CREATE TABLE event_type (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    service_id uuid NOT NULL,
    calcom_id bigint NOT NULL,
    kind text NOT NULL,
    staff_id uuid,
    length_minutes integer NOT NULL,
    before_buffer_minutes integer NOT NULL DEFAULT 0,
    after_buffer_minutes integer NOT NULL DEFAULT 0,
    minimum_notice_minutes integer NOT NULL DEFAULT 0,
    booking_window_days integer,
    slot_interval_minutes integer,
    seats integer,
    requires_confirmation boolean NOT NULL DEFAULT false,
    active boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_event_type PRIMARY KEY (id),
    CONSTRAINT uq_event_type_business_id_id UNIQUE (business_id, id),
    CONSTRAINT fk_event_type_business_id_service_id
        FOREIGN KEY (business_id, service_id) REFERENCES service (business_id, id),
    CONSTRAINT fk_event_type_business_id_staff_id
        FOREIGN KEY (business_id, staff_id) REFERENCES staff (business_id, id),
    CONSTRAINT uq_event_type_business_id_calcom_id UNIQUE (business_id, calcom_id),
    CONSTRAINT ck_event_type_kind CHECK (kind IN ('fixed', 'round_robin', 'seated')),
    CONSTRAINT ck_event_type_fixed_has_host CHECK (kind <> 'fixed' OR staff_id IS NOT NULL),
    CONSTRAINT ck_event_type_length_is_positive CHECK (length_minutes > 0),
    CONSTRAINT ck_event_type_minutes_are_not_negative
        CHECK (least(before_buffer_minutes, after_buffer_minutes, minimum_notice_minutes) >= 0)
);
CREATE INDEX ix_event_type_business_id_service_id ON event_type (business_id, service_id);

CREATE TABLE customer (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    name text NOT NULL,
    name_normalised text NOT NULL DEFAULT '',
    salutation text,
    language text,
    email text,
    origin text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_customer PRIMARY KEY (id),
    CONSTRAINT fk_customer_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_customer_business_id_id UNIQUE (business_id, id),
    CONSTRAINT uq_customer_business_id_id_name_normalised UNIQUE (business_id, id, name_normalised),
    CONSTRAINT ck_customer_origin CHECK (origin IN ('caller', 'import', 'calcom', 'staff')),
    CONSTRAINT ck_customer_email_is_not_empty CHECK (email <> '')
);

CREATE TABLE customer_number (
    business_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    name_normalised text NOT NULL,
    is_owner boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_customer_number PRIMARY KEY (business_id, customer_id, number),
    CONSTRAINT fk_customer_number_business_id_customer_id_name_normalised
        FOREIGN KEY (business_id, customer_id, name_normalised)
        REFERENCES customer (business_id, id, name_normalised)
        ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT uq_customer_number_business_id_number_name_normalised
        UNIQUE (business_id, number, name_normalised),
    CONSTRAINT ck_customer_number_number_is_international CHECK (number ~ '^\+[1-9][0-9]{3,14}$')
);
CREATE UNIQUE INDEX uq_customer_number_owner
    ON customer_number (business_id, number) WHERE is_owner;

CREATE TABLE call (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    platform text NOT NULL,
    platform_call_id text NOT NULL,
    line_id uuid,
    caller_number text,
    direction text NOT NULL DEFAULT 'inbound',
    language text NOT NULL,
    state text NOT NULL DEFAULT 'ongoing',
    outcome text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    memory jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_call PRIMARY KEY (id),
    CONSTRAINT fk_call_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_call_business_id_id UNIQUE (business_id, id),
    CONSTRAINT fk_call_business_id_line_id
        FOREIGN KEY (business_id, line_id) REFERENCES line (business_id, id),
    CONSTRAINT uq_call_business_id_platform_platform_call_id
        UNIQUE (business_id, platform, platform_call_id),
    CONSTRAINT ck_call_direction CHECK (direction IN ('inbound', 'outbound')),
    CONSTRAINT ck_call_state CHECK (state IN ('ongoing', 'ended')),
    CONSTRAINT ck_call_ends_after_start CHECK (ended_at >= started_at),
    CONSTRAINT ck_call_memory_is_object CHECK (jsonb_typeof(memory) = 'object')
);
CREATE INDEX ix_call_business_id_started_at ON call (business_id, started_at);

CREATE TABLE turn (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid NOT NULL,
    position integer NOT NULL,
    role text NOT NULL,
    text text NOT NULL,
    starts_at_ms integer,
    ends_at_ms integer,
    CONSTRAINT pk_turn PRIMARY KEY (id),
    CONSTRAINT fk_turn_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT uq_turn_business_id_call_id_position UNIQUE (business_id, call_id, position),
    CONSTRAINT ck_turn_role CHECK (role IN ('agent', 'caller'))
);

CREATE TABLE tool_call (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid,
    request_id text,
    tool text NOT NULL,
    arguments jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL,
    ok boolean NOT NULL,
    reply jsonb NOT NULL,
    started_at timestamptz NOT NULL,
    duration_ms double precision NOT NULL,
    CONSTRAINT pk_tool_call PRIMARY KEY (id),
    CONSTRAINT fk_tool_call_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_tool_call_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT ck_tool_call_arguments_is_object CHECK (jsonb_typeof(arguments) = 'object'),
    CONSTRAINT ck_tool_call_reply_is_object CHECK (jsonb_typeof(reply) = 'object')
);
CREATE INDEX ix_tool_call_business_id_call_id_started_at
    ON tool_call (business_id, call_id, started_at);
CREATE UNIQUE INDEX uq_tool_call_request
    ON tool_call (business_id, call_id, request_id) WHERE request_id IS NOT NULL;

CREATE TABLE booking (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid,
    customer_id uuid,
    service_id uuid NOT NULL,
    event_type_id uuid NOT NULL,
    staff_id uuid,
    state text NOT NULL DEFAULT 'pending',
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    attendee_name text NOT NULL,
    attendee_email text NOT NULL,
    attendee_number text,
    attendee_language text NOT NULL,
    attendee_timezone text NOT NULL,
    note text,
    wish_id uuid NOT NULL,
    calcom_uid text,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    asked_at timestamptz,
    failure text,
    needs_attention boolean NOT NULL DEFAULT false,
    origin text NOT NULL DEFAULT 'phone',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT pk_booking PRIMARY KEY (id),
    CONSTRAINT uq_booking_business_id_id UNIQUE (business_id, id),
    CONSTRAINT fk_booking_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT fk_booking_business_id_customer_id
        FOREIGN KEY (business_id, customer_id) REFERENCES customer (business_id, id),
    CONSTRAINT fk_booking_business_id_service_id
        FOREIGN KEY (business_id, service_id) REFERENCES service (business_id, id),
    CONSTRAINT fk_booking_business_id_event_type_id
        FOREIGN KEY (business_id, event_type_id) REFERENCES event_type (business_id, id),
    CONSTRAINT fk_booking_business_id_staff_id
        FOREIGN KEY (business_id, staff_id) REFERENCES staff (business_id, id),
    CONSTRAINT uq_booking_business_id_calcom_uid UNIQUE (business_id, calcom_uid),
    CONSTRAINT ck_booking_state
        CHECK (state IN ('pending', 'confirmed', 'failed', 'queued', 'awaiting_host',
                         'moving', 'cancelling', 'cancelled')),
    CONSTRAINT ck_booking_origin CHECK (origin IN ('phone', 'calcom', 'staff')),
    CONSTRAINT ck_booking_ends_after_start CHECK (end_at > start_at),
    CONSTRAINT ck_booking_confirmed_has_uid CHECK (state <> 'confirmed' OR calcom_uid IS NOT NULL)
);
CREATE INDEX ix_booking_business_id_attendee_number_start_at
    ON booking (business_id, attendee_number, start_at);
CREATE INDEX ix_booking_business_id_call_id ON booking (business_id, call_id);
CREATE INDEX ix_booking_business_id_customer_id_start_at
    ON booking (business_id, customer_id, start_at);
CREATE INDEX ix_booking_business_id_start_at ON booking (business_id, start_at);
CREATE INDEX ix_booking_due ON booking (due_at) WHERE due_at IS NOT NULL;
CREATE UNIQUE INDEX uq_booking_live_wish
    ON booking (business_id, wish_id) WHERE state NOT IN ('cancelled', 'failed');

CREATE TABLE claim (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid,
    booking_id uuid,
    staff_id uuid,
    event_type_id uuid NOT NULL,
    during tstzrange NOT NULL,
    number integer,
    starts_at timestamptz NOT NULL,
    expires_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_claim PRIMARY KEY (id),
    CONSTRAINT fk_claim_business_id_event_type_id
        FOREIGN KEY (business_id, event_type_id) REFERENCES event_type (business_id, id),
    CONSTRAINT fk_claim_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT fk_claim_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id),
    CONSTRAINT fk_claim_business_id_staff_id
        FOREIGN KEY (business_id, staff_id) REFERENCES staff (business_id, id),
    CONSTRAINT ex_claim_host_time
        EXCLUDE USING gist (business_id WITH =, staff_id WITH =, during WITH &&)
        WHERE (staff_id IS NOT NULL),
    CONSTRAINT ck_claim_a_hold_expires CHECK (booking_id IS NOT NULL OR expires_at IS NOT NULL),
    CONSTRAINT ck_claim_names_what_is_claimed CHECK (staff_id IS NOT NULL OR number IS NOT NULL),
    CONSTRAINT ck_claim_claims_some_time CHECK (NOT isempty(during))
);
CREATE INDEX ix_claim_business_id_booking_id ON claim (business_id, booking_id);
CREATE INDEX ix_claim_held_for_call ON claim (business_id, call_id) WHERE booking_id IS NULL;
CREATE UNIQUE INDEX uq_claim_number
    ON claim (business_id, event_type_id, starts_at, number) WHERE number IS NOT NULL;

CREATE TABLE inbox_event (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    source text NOT NULL,
    dedupe_key text NOT NULL,
    kind text NOT NULL,
    headers jsonb NOT NULL DEFAULT '{}',
    body bytea NOT NULL,
    received_at timestamptz NOT NULL,
    applied_at timestamptz,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    error text,
    CONSTRAINT pk_inbox_event PRIMARY KEY (id),
    CONSTRAINT fk_inbox_event_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT uq_inbox_event_business_id_source_dedupe_key
        UNIQUE (business_id, source, dedupe_key),
    CONSTRAINT ck_inbox_event_headers_is_object CHECK (jsonb_typeof(headers) = 'object')
);
CREATE INDEX ix_inbox_event_due ON inbox_event (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE flag (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid,
    booking_id uuid,
    kind text NOT NULL,
    severity text NOT NULL,
    at_ms integer,
    note text,
    state text NOT NULL DEFAULT 'open',
    created_at timestamptz NOT NULL,
    resolved_at timestamptz,
    CONSTRAINT pk_flag PRIMARY KEY (id),
    CONSTRAINT fk_flag_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_flag_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id),
    CONSTRAINT fk_flag_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id),
    CONSTRAINT uq_flag_business_id_kind_call_id_booking_id
        UNIQUE NULLS NOT DISTINCT (business_id, kind, call_id, booking_id),
    CONSTRAINT ck_flag_severity CHECK (severity IN ('info', 'warning', 'critical')),
    CONSTRAINT ck_flag_state CHECK (state IN ('open', 'resolved'))
);
CREATE INDEX ix_flag_open ON flag (business_id, created_at) WHERE state = 'open';
"""
