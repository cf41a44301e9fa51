"""The source database: a real PostgreSQL with a shop's data, and the lock that the shop's release takes."""
