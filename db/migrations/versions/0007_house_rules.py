"""Rules of the house per line, service and host; public holidays and closures per line.

Revision: 0007, after 0006.

Single closed days become closures without a reason.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(RULES)
    op.execute(CLOSURES)


RULES = """
ALTER TABLE line
    ADD COLUMN policies jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT ck_line_policies_is_object CHECK (jsonb_typeof(policies) = 'object');
ALTER TABLE staff
    ADD COLUMN policies jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT ck_staff_policies_is_object CHECK (jsonb_typeof(policies) = 'object');
ALTER TABLE service
    ADD COLUMN policies jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT ck_service_policies_is_object CHECK (jsonb_typeof(policies) = 'object');
"""

CLOSURES = """
ALTER TABLE line
    ADD COLUMN holidays text,
    ADD COLUMN closures jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT ck_line_closures_is_array CHECK (jsonb_typeof(closures) = 'array');
ALTER TABLE line NO FORCE ROW LEVEL SECURITY; -- of every business, just now
UPDATE line SET closures = (
    SELECT coalesce(jsonb_agg(jsonb_build_object('first', day, 'last', day) ORDER BY day), '[]')
    FROM unnest(closed_days) AS day);
ALTER TABLE line FORCE ROW LEVEL SECURITY;
ALTER TABLE line DROP COLUMN closed_days;
"""
