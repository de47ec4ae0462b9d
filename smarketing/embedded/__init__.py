"""PostgreSQL and Valkey from wheels, started and stopped by us.

So that a machine with nothing but Python runs the same parts as production. Nothing here is used
where DATABASE_URL and REDIS_URL are set.
"""
