"""The history of the schema. `db.migrate` runs it; `db/tables` is where it has led."""
