from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """The extension behind search; its tables come with 0002_initial."""

    initial = True
    dependencies = []
    operations = [TrigramExtension()]
