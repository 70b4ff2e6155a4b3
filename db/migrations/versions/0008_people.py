"""People who work with calls: accounts, sessions, what they said and settled, what they looked at.

Revision: 0008, after 0007.

Code that knows none of it may go on running: every new column may be empty.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(ACCOUNTS)
    op.execute(AT_WORK)
    for table in ("membership", "audit_entry", "call_comment"):
        op.execute(BEHIND_A_WALL.format(table=table))
    op.execute(DOORS)


# People are nobody's tenant: one may work for several businesses. What they may do at each is the
# business's own row.
ACCOUNTS = """
CREATE TABLE user_account (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text,
    language text,
    state text NOT NULL DEFAULT 'active',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_user_account PRIMARY KEY (id),
    CONSTRAINT uq_user_account_email UNIQUE (email),
    CONSTRAINT ck_user_account_email_is_folded CHECK (email = lower(email) AND email ~ '^\\S+@\\S+$'),
    CONSTRAINT ck_user_account_language CHECK (language IN ('de', 'en')),
    CONSTRAINT ck_user_account_state CHECK (state IN ('active', 'disabled'))
);

CREATE TABLE membership (
    business_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (business_id, user_id),
    CONSTRAINT fk_membership_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_membership_user_id FOREIGN KEY (user_id) REFERENCES user_account (id),
    CONSTRAINT ck_membership_role CHECK (role IN ('staff', 'ops', 'admin'))
);
CREATE INDEX ix_membership_user_id ON membership (user_id);

CREATE TABLE login_session (
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT pk_login_session PRIMARY KEY (token_hash),
    CONSTRAINT fk_login_session_user_id FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX ix_login_session_user_id ON login_session (user_id);
CREATE INDEX ix_login_session_seen_at ON login_session (seen_at);

CREATE TABLE login_failure (
    subject_hash bytea NOT NULL,
    failures integer NOT NULL,
    failed_at timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT pk_login_failure PRIMARY KEY (subject_hash)
);
CREATE INDEX ix_login_failure_failed_at ON login_failure (failed_at);
"""

AT_WORK = """
CREATE TABLE audit_entry (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    user_id uuid NOT NULL,
    action text NOT NULL,
    subject_kind text,
    subject_id uuid,
    facts jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_audit_entry PRIMARY KEY (id),
    CONSTRAINT fk_audit_entry_business_id FOREIGN KEY (business_id) REFERENCES business (id),
    CONSTRAINT fk_audit_entry_user_id FOREIGN KEY (user_id) REFERENCES user_account (id),
    CONSTRAINT ck_audit_entry_facts_is_object CHECK (jsonb_typeof(facts) = 'object')
);
CREATE INDEX ix_audit_entry_business_id_recorded_at ON audit_entry (business_id, recorded_at);

CREATE TABLE call_comment (
    id uuid NOT NULL,
    business_id uuid NOT NULL,
    call_id uuid NOT NULL,
    user_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_call_comment PRIMARY KEY (id),
    CONSTRAINT fk_call_comment_business_id_call_id
        FOREIGN KEY (business_id, call_id) REFERENCES call (business_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_call_comment_user_id FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX ix_call_comment_business_id_call_id ON call_comment (business_id, call_id);

ALTER TABLE flag
    ADD COLUMN assigned_to uuid,
    ADD COLUMN resolved_by uuid,
    ADD COLUMN label text,
    ADD CONSTRAINT fk_flag_assigned_to FOREIGN KEY (assigned_to) REFERENCES user_account (id),
    ADD CONSTRAINT fk_flag_resolved_by FOREIGN KEY (resolved_by) REFERENCES user_account (id),
    ADD CONSTRAINT ck_flag_label
        CHECK (label IN ('agent', 'misheard', 'booking', 'technical', 'caller', 'false_alarm'));
CREATE INDEX ix_flag_business_id_call_id ON flag (business_id, call_id);
"""

BEHIND_A_WALL = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY of_business ON {table}
    USING (business_id = nullif(current_setting('slotline.business_id', true), '')::uuid);
"""

# Who has logged in may see where they belong, before a business is chosen. Accounts and roles are
# made by the owner's command; the application keeps sessions, and adds to the audit log.
DOORS = """
CREATE POLICY of_user ON membership FOR SELECT
    USING (user_id = nullif(current_setting('slotline.user_id', true), '')::uuid);
GRANT SELECT, UPDATE (password_hash, language, updated_at) ON user_account TO slotline_app;
GRANT SELECT ON membership TO slotline_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_session, login_failure TO slotline_app;
GRANT SELECT, INSERT ON audit_entry TO slotline_app;
GRANT SELECT, INSERT, DELETE ON call_comment TO slotline_app;
"""
