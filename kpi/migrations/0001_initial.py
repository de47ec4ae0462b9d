import django.db.models.deletion
from django.db import migrations, models

# A migration that changes the type of a column named here drops the view first and makes it again.
FUNNEL = """
CREATE VIEW kpi_funnel AS
SELECT l.id AS lead_id,
       l.captured_at, l.mql_at, h.offered_at, l.sal_at, h.contacted_at, l.sql_at, l.won_at,
       l.source_id, l.campaign_id, l.team_id, l.marketer_id, l.seller_id, l.stage
FROM leads_lead l
LEFT JOIN (
    SELECT lead_id, min(offered_at) AS offered_at, min(first_contact_at) AS contacted_at
    FROM handoff_handoff
    GROUP BY lead_id
) h ON h.lead_id = l.id
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("leads", "0001_initial"),
        ("handoff", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FUNNEL, "DROP VIEW kpi_funnel"),
        migrations.CreateModel(
            name="Funnel",
            fields=[
                ("lead", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name="+", serialize=False, to="leads.lead")),
                ("captured_at", models.DateTimeField()),
                ("mql_at", models.DateTimeField(null=True)),
                ("offered_at", models.DateTimeField(null=True)),
                ("sal_at", models.DateTimeField(null=True)),
                ("contacted_at", models.DateTimeField(null=True)),
                ("sql_at", models.DateTimeField(null=True)),
                ("won_at", models.DateTimeField(null=True)),
                ("stage", models.CharField(choices=[("new", "New"), ("nurturing", "Nurturing"), ("mql", "MQL"), ("sal", "SAL"), ("sql", "SQL"), ("won", "Won"), ("lost", "Lost"), ("disqualified", "Disqualified")], max_length=12)),
            ],
            options={"db_table": "kpi_funnel", "managed": False},
        ),
    ]
