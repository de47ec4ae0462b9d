"""What PostgreSQL counts for us that Django has no word for."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, FloatField, Func, IntegerField, Value


class Percentiles(Aggregate):
    """[median, 90th percentile] of a number, interpolated between neighbours."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(FloatField())


class DaysBetween(Func):
    """Calendar days of a time zone between two moments: from 23:59 to 0:01 is one day."""

    output_field = IntegerField()

    def __init__(self, earlier: str, later: str, zone: str):
        super().__init__(earlier, later, Value(zone))

    def as_sql(self, compiler, connection, **extra):  # type: ignore[override]
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        (earlier, p), (later, q), (zone, z) = parts
        sql = f"(({later} AT TIME ZONE {zone})::date - ({earlier} AT TIME ZONE {zone})::date)"
        return sql, (*q, *z, *p, *z)


class HoursBetween(Func):
    """Hours on the wall between two moments."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) / 3600.0)::float8"
    arg_joiner = " - "
    output_field = FloatField()

    def __init__(self, earlier: str, later: str):
        super().__init__(later, earlier)
