"""The column at fault stands in each of a row's faults: the one of the first goes (M.10)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("licences", "0011_faults_of_rows_checked_before")]

    operations = [migrations.RemoveField(model_name="stockrow", name="fault_field")]
