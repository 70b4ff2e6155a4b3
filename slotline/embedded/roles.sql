-- The logins and the database. Run once, as superuser, by the supervisor of the embedded server and
-- by the compose file's PostgreSQL; elsewhere: psql -v owner_password=... -v app_password=... -f

CREATE ROLE slotline_owner LOGIN BYPASSRLS CREATEROLE PASSWORD :'owner_password';

-- NOINHERIT: what a role may do that it can become does not count until it has become it. So the
-- policies for the worker do not open the application's view of other businesses.
CREATE ROLE slotline_app LOGIN NOINHERIT PASSWORD :'app_password';

CREATE ROLE slotline_worker NOLOGIN;

GRANT slotline_app, slotline_worker TO slotline_owner WITH ADMIN OPTION;

GRANT slotline_worker TO slotline_app;

CREATE DATABASE slotline OWNER slotline_owner;

REVOKE ALL ON DATABASE slotline FROM PUBLIC;

GRANT CONNECT ON DATABASE slotline TO slotline_app;
