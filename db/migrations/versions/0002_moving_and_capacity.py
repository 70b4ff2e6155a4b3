"""Moving and cancelling, capacity, and services of several phases.

Revision: 0002, after 0001.

Code of 0001 may go on running: new columns are optional or filled by themselves, and a claim whose
holder it does not tell is in everybody's way, as claims were before.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(BOOKINGS)
    op.execute(CLAIMS)
    op.execute(CLAIM_PLACE)
    op.execute(FIRST_PHASE_LAST)
    for table in ("booking_uid", "reservation"):
        op.execute(BEHIND_A_WALL.format(table=table))


BEHIND_A_WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON {table}
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO slotline_app;
"""

# Seats share their booking's uid at Cal.com, so there it takes the seat's to tell ours apart.
BOOKINGS = """
ALTER TABLE booking
    ADD COLUMN wished_start_at timestamptz,
    ADD COLUMN wished_end_at timestamptz,
    ADD COLUMN wished_event_type_id uuid,
    ADD COLUMN cancel_reason text,
    ADD COLUMN seat_uid text,
    ADD COLUMN group_id uuid,
    ADD COLUMN group_end_at timestamptz,
    ADD CONSTRAINT fk_booking_business_id_wished_event_type_id
        FOREIGN KEY (business_id, wished_event_type_id) REFERENCES event_type (business_id, id),
    ADD CONSTRAINT ck_booking_moving_has_wish
        CHECK (state <> 'moving' OR wished_end_at > wished_start_at),
    ADD CONSTRAINT ck_booking_cancelling_has_reason
        CHECK (state <> 'cancelling' OR cancel_reason <> ''),
    DROP CONSTRAINT uq_booking_business_id_calcom_uid;
CREATE UNIQUE INDEX uq_booking_calcom_uid
    ON booking (business_id, calcom_uid) WHERE seat_uid IS NULL;
CREATE UNIQUE INDEX uq_booking_calcom_seat
    ON booking (business_id, calcom_uid, seat_uid) WHERE seat_uid IS NOT NULL;
CREATE INDEX ix_booking_group ON booking (business_id, group_id) WHERE group_id IS NOT NULL;

CREATE TABLE booking_uid (
    business_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    calcom_uid text NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT pk_booking_uid PRIMARY KEY (business_id, calcom_uid, booking_id),
    CONSTRAINT fk_booking_uid_business_id_booking_id
        FOREIGN KEY (business_id, booking_id) REFERENCES booking (business_id, id)
        ON DELETE CASCADE
);
CREATE INDEX ix_booking_uid_business_id_booking_id ON booking_uid (business_id, booking_id);
INSERT INTO booking_uid (business_id, booking_id, calcom_uid, since)
SELECT business_id, id, calcom_uid, updated_at FROM booking WHERE calcom_uid IS NOT NULL;

CREATE TABLE reservation (
    business_id uuid NOT NULL,
    call_id uuid NOT NULL,
    reservation_uid text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_reservation PRIMARY KEY (business_id, call_id, reservation_uid),
    CONSTRAINT fk_reservation_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id) ON DELETE CASCADE
);
"""

# Claims of one holder do not stand in each other's way: a booking that is moved by half an hour
# holds its old and its new time, and the seats of one course share their host's time.
CLAIMS = """
ALTER TABLE event_type ADD COLUMN host_ids uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE claim ADD COLUMN holder uuid NOT NULL DEFAULT gen_random_uuid();
UPDATE claim SET holder = coalesce(booking_id, call_id, id);
ALTER TABLE claim
    DROP CONSTRAINT ex_claim_host_time,
    ADD CONSTRAINT ex_claim_host_time
        EXCLUDE USING gist (
            business_id WITH =, staff_id WITH =, during WITH &&, holder WITH <>)
        WHERE (staff_id IS NOT NULL);
DROP INDEX ix_claim_held_for_call;
CREATE INDEX ix_claim_held_for_call
    ON claim (business_id, call_id) WHERE expires_at IS NOT NULL;
"""

# Each try is a statement of its own: it waits for a rival's transaction and sees what became of it,
# which no single INSERT ... SELECT could. The constraints decide, in one round trip.
CLAIM_PLACE = """
CREATE FUNCTION claim_place(
    claim_id uuid,
    of_business uuid,
    of_call uuid,
    of_booking uuid,
    of_holder uuid,
    of_kind uuid,
    hosts uuid[],
    seats integer,
    starts timestamptz,
    claimed tstzrange,
    until timestamptz,
    at timestamptz
) RETURNS uuid
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM claim
    WHERE business_id = of_business AND expires_at <= at
        AND (staff_id = ANY (hosts) AND during && claimed
            OR event_type_id = of_kind AND starts_at = starts);
    FOR place IN 1 .. coalesce(seats, cardinality(hosts)) LOOP
        INSERT INTO claim (
            id, business_id, call_id, booking_id, holder, event_type_id, staff_id, number,
            starts_at, during, expires_at, created_at)
        VALUES (
            claim_id, of_business, of_call, of_booking, of_holder, of_kind,
            CASE WHEN seats IS NULL THEN hosts[place] ELSE hosts[1] END,
            CASE WHEN seats IS NOT NULL THEN place END,
            starts, claimed, until, at)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN claim_id;
        END IF;
    END LOOP;
    RAISE exclusion_violation
        USING MESSAGE = 'nothing is left to claim', CONSTRAINT = 'ex_claim_host_time';
END
$$
"""

# Who asks for the appointment looks at its first phase, whoever wrote there: the writer, a worker or
# the inbox. So the schema says that it is not confirmed before all others are.
FIRST_PHASE_LAST = """
CREATE FUNCTION first_phase_last() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM booking
        WHERE business_id = NEW.business_id AND group_id = NEW.id AND id <> NEW.id
            AND state <> 'confirmed')
    THEN
        NEW.state := OLD.state;
        NEW.settled_at := NULL;
        NEW.due_at := coalesce(NEW.due_at, OLD.due_at, NEW.updated_at);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER first_phase_last BEFORE UPDATE OF state ON booking
    FOR EACH ROW
    WHEN (NEW.group_id = NEW.id AND NEW.state = 'confirmed'
        AND OLD.state IN ('pending', 'queued'))
    EXECUTE FUNCTION first_phase_last();
"""
