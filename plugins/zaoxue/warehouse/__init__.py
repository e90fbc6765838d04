"""The PostgreSQL warehouse: the embedded server, connections, migrations."""
