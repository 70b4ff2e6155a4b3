"""Domain events and their delivery, tasks, and jobs that come round.

Revision: 0004, after 0003.

Code that knows none of it may go on running: what it changes is recorded all the same.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("domain_event", "event_outbox", "event_delivery", "task"):
        op.execute(BEHIND_A_WALL.format(table=table))
    op.execute(OF_WORKERS)
    op.execute(RECORDING)


BEHIND_A_WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON {table}
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO slotline_app;
"""

# A worker parcels events out to listeners and leases what is due, in any business. It reads no
# facts and no task: for those it must name the business, as the application does.
OF_WORKERS = """
GRANT SELECT, UPDATE (event_id), DELETE ON event_outbox TO slotline_worker; -- locked, then taken
CREATE POLICY parcelled_out ON event_outbox TO slotline_worker USING (true);

GRANT SELECT (event_id, listener, business_id, booking_id, due_at, attempts),
    INSERT (event_id, listener, business_id, booking_id, due_at),
    UPDATE (due_at, attempts)
    ON event_delivery TO slotline_worker;
CREATE POLICY due ON event_delivery FOR SELECT TO slotline_worker USING (due_at IS NOT NULL);
CREATE POLICY leased ON event_delivery FOR UPDATE TO slotline_worker USING (due_at IS NOT NULL);
CREATE POLICY parcelled_out ON event_delivery FOR INSERT TO slotline_worker
    WITH CHECK (due_at IS NOT NULL);

GRANT SELECT, INSERT, UPDATE ON periodic_job TO slotline_worker;
GRANT SELECT ON periodic_job TO slotline_app;
"""

TABLES = """
CREATE TABLE domain_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    business_id uuid NOT NULL,
    kind text NOT NULL,
    booking_id uuid,
    call_id uuid,
    facts jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_domain_event PRIMARY KEY (id),
    CONSTRAINT uq_domain_event_business_id_id UNIQUE (business_id, id),
    CONSTRAINT fk_domain_event_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_domain_event_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id)
        ON DELETE CASCADE,
    CONSTRAINT fk_domain_event_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_domain_event_kind
        CHECK (kind IN ('BookingRequested', 'Booked', 'BookingFailed', 'Moved', 'ChangeFailed',
                        'Cancelled', 'CalendarEventReceived', 'InconsistencyFound', 'CallEnded')),
    CONSTRAINT ck_domain_event_facts_is_object CHECK (jsonb_typeof(facts) = 'object')
);
CREATE INDEX ix_domain_event_business_id_booking_id ON domain_event (business_id, booking_id);
CREATE INDEX ix_domain_event_business_id_call_id ON domain_event (business_id, call_id);

CREATE TABLE event_outbox (
    event_id bigint NOT NULL,
    business_id uuid NOT NULL,
    kind text NOT NULL,
    booking_id uuid,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_event_outbox PRIMARY KEY (event_id),
    CONSTRAINT fk_event_outbox_business_id_event_id
        FOREIGN KEY (business_id, event_id) REFERENCES domain_event (business_id, id)
        ON DELETE CASCADE,
    CONSTRAINT ck_event_outbox_kind
        CHECK (kind IN ('BookingRequested', 'Booked', 'BookingFailed', 'Moved', 'ChangeFailed',
                        'Cancelled', 'CalendarEventReceived', 'InconsistencyFound', 'CallEnded'))
);
CREATE INDEX ix_event_outbox_business_id_booking_id ON event_outbox (business_id, booking_id);

CREATE TABLE event_delivery (
    event_id bigint NOT NULL,
    listener text NOT NULL,
    business_id uuid NOT NULL,
    booking_id uuid,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    error text,
    CONSTRAINT pk_event_delivery PRIMARY KEY (event_id, listener),
    CONSTRAINT fk_event_delivery_business_id_event_id
        FOREIGN KEY (business_id, event_id) REFERENCES domain_event (business_id, id)
        ON DELETE CASCADE
);
CREATE INDEX ix_event_delivery_due ON event_delivery (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ix_event_delivery_in_order
    ON event_delivery (business_id, booking_id, listener, event_id) WHERE due_at IS NOT NULL;

CREATE TABLE task (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    note text,
    call_id uuid,
    booking_id uuid,
    event_id bigint,
    recipient text,
    due_at timestamptz NOT NULL,
    urgency text NOT NULL DEFAULT 'normal',
    state text NOT NULL DEFAULT 'open',
    sent_key uuid,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT pk_task PRIMARY KEY (id),
    CONSTRAINT fk_task_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_task_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_task_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id)
        ON DELETE CASCADE,
    CONSTRAINT fk_task_business_id_event_id
        FOREIGN KEY (business_id, event_id) REFERENCES domain_event (business_id, id)
        ON DELETE CASCADE,
    CONSTRAINT uq_task_sent_key UNIQUE (sent_key),
    CONSTRAINT ck_task_kind CHECK (kind IN ('callback', 'message')),
    CONSTRAINT ck_task_reason
        CHECK (reason IN ('asked', 'wish_failed', 'declined', 'confirmed', 'moved', 'cancelled',
                          'change_failed')),
    CONSTRAINT ck_task_urgency CHECK (urgency IN ('normal', 'urgent')),
    CONSTRAINT ck_task_state CHECK (state IN ('open', 'done', 'cancelled')),
    CONSTRAINT ck_task_done_when_closed CHECK ((state = 'open') = (done_at IS NULL))
);
CREATE UNIQUE INDEX uq_task_of_event
    ON task (business_id, event_id, kind, recipient) NULLS NOT DISTINCT
    WHERE event_id IS NOT NULL;
CREATE UNIQUE INDEX uq_task_callback_of_call
    ON task (business_id, call_id)
    WHERE kind = 'callback' AND state = 'open' AND call_id IS NOT NULL;
CREATE INDEX ix_task_open ON task (business_id, due_at) WHERE state = 'open';

CREATE INDEX ix_tool_call_business_id_started_at ON tool_call (business_id, started_at);

CREATE TABLE periodic_job (
    name text NOT NULL,
    due_at timestamptz NOT NULL,
    run integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    started_at timestamptz,
    finished_at timestamptz,
    error text,
    CONSTRAINT pk_periodic_job PRIMARY KEY (name)
);
"""

# Recorded by the database itself, so that no code path can forget it and none spends a statement
# on it. Whoever changes a booking holds its row, so the ids of its events ascend as they commit.
#
# `unheard`: no request of the caller's did it. A request has one instant, and what it wishes and what
# it settles bear the same one; so whatever bears another instant than what was there, or was
# settled after a worker took it, happened behind the caller's back. Cancelling what has never left
# us is one step, and the only one that brings its reason along. Whether a caller heard what their
# request did, its reply says (`server/listeners/follow_up.py`).
RECORDING = """
CREATE FUNCTION record_booking_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    what text;
    before jsonb := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        what := CASE
            WHEN NEW.state = 'confirmed' THEN 'Booked'
            WHEN NEW.state IN ('pending', 'queued', 'awaiting_host') THEN 'BookingRequested'
        END;
    ELSIF NEW.state = OLD.state THEN
        what := CASE
            WHEN NEW.state IN ('pending', 'queued', 'failed', 'cancelled') THEN NULL
            WHEN (NEW.start_at, NEW.event_type_id) IS DISTINCT FROM
                (OLD.start_at, OLD.event_type_id) THEN 'Moved'
        END;
    ELSE
        what := CASE
            WHEN NEW.state = 'failed' THEN 'BookingFailed'
            WHEN NEW.state = 'cancelled' THEN 'Cancelled'
            WHEN NEW.state IN ('confirmed', 'awaiting_host')
                AND OLD.state IN ('confirmed', 'moving', 'cancelling') THEN
                CASE
                    WHEN (NEW.start_at, NEW.event_type_id) IS DISTINCT FROM
                        (OLD.start_at, OLD.event_type_id) THEN 'Moved'
                    WHEN OLD.state <> 'confirmed' THEN 'ChangeFailed'
                END
            WHEN NEW.state = 'confirmed' THEN 'Booked'
        END;
    END IF;
    IF what IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := jsonb_build_object(
            'from', OLD.state,
            'was_start_at', OLD.start_at,
            'was_end_at', OLD.end_at,
            'unheard', NEW.cancel_reason IS NOT DISTINCT FROM OLD.cancel_reason
                AND (OLD.attempts > 0 OR NEW.updated_at IS DISTINCT FROM OLD.updated_at));
    END IF;
    INSERT INTO domain_event (business_id, kind, booking_id, call_id, facts, recorded_at)
    VALUES (
        NEW.business_id, what, NEW.id, NEW.call_id,
        before || jsonb_build_object(
            'to', NEW.state,
            'start_at', NEW.start_at,
            'end_at', NEW.end_at,
            'event_type_id', NEW.event_type_id,
            'staff_id', NEW.staff_id,
            'origin', NEW.origin,
            'failure', NEW.failure),
        NEW.updated_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER booking_event AFTER INSERT OR UPDATE OF state, start_at, event_type_id ON booking
    FOR EACH ROW EXECUTE FUNCTION record_booking_event();

CREATE FUNCTION record_call_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO domain_event (business_id, kind, call_id, facts, recorded_at)
    VALUES (
        NEW.business_id, 'CallEnded', NEW.id,
        jsonb_build_object('started_at', NEW.started_at, 'ended_at', NEW.ended_at),
        NEW.updated_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER call_end AFTER UPDATE OF state ON call
    FOR EACH ROW WHEN (NEW.state = 'ended' AND OLD.state <> 'ended')
    EXECUTE FUNCTION record_call_end();

CREATE FUNCTION record_calendar_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO domain_event (business_id, kind, facts, recorded_at)
    VALUES (
        NEW.business_id, 'CalendarEventReceived',
        jsonb_build_object('inbox_event_id', NEW.id, 'source', NEW.source, 'kind', NEW.kind),
        NEW.received_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER calendar_event AFTER INSERT ON inbox_event
    FOR EACH ROW EXECUTE FUNCTION record_calendar_event();

CREATE FUNCTION record_inconsistency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO domain_event (business_id, kind, booking_id, facts, recorded_at)
    VALUES (
        NEW.business_id, 'InconsistencyFound', NEW.booking_id,
        jsonb_build_object('sync_failure_id', NEW.id, 'kind', NEW.kind),
        NEW.first_seen_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER inconsistency AFTER INSERT ON sync_failure
    FOR EACH ROW EXECUTE FUNCTION record_inconsistency();

CREATE FUNCTION post_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO event_outbox (event_id, business_id, kind, booking_id, recorded_at)
    VALUES (NEW.id, NEW.business_id, NEW.kind, NEW.booking_id, NEW.recorded_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER event_posted AFTER INSERT ON domain_event
    FOR EACH ROW EXECUTE FUNCTION post_event();
"""
