"""Messages that are sent by machines.

Revision: 0009, after 0008.

Code that knows none of it may go on running: what it adds is not sent but left to staff, as before.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(TASKS)
    op.execute(OF_WORKERS)


TASKS = """
ALTER TABLE task
    ADD COLUMN send_at timestamptz,
    ADD COLUMN attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN sent_by text,
    ADD COLUMN heard boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ck_task_sent_by CHECK (sent_by IN ('sms', 'email', 'webhook'));
CREATE INDEX ix_task_to_send ON task (send_at) WHERE send_at IS NOT NULL;
"""

OF_WORKERS = """
GRANT SELECT (id, business_id, send_at, attempts), UPDATE (send_at, attempts)
    ON task TO slotline_worker;
CREATE POLICY to_send ON task FOR SELECT TO slotline_worker USING (send_at IS NOT NULL);
CREATE POLICY leased ON task FOR UPDATE TO slotline_worker USING (send_at IS NOT NULL);
"""
