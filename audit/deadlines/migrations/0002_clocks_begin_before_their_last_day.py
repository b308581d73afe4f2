"""A clock may run before its last day is known; what was met late says so in its state (M.9)."""

from django.db import migrations, models


def name_late_ones(apps, schema_editor):
    """What was met after its due moment is met late."""
    clocks = apps.get_model("audit_deadlines", "Deadline").objects
    clocks.filter(state="MET", breached_at__isnull=False).update(state="MET_LATE")


def call_them_met(apps, schema_editor):
    """As it was: met, and `breached_at` says that it was late."""
    clocks = apps.get_model("audit_deadlines", "Deadline").objects
    clocks.filter(state="MET_LATE").update(state="MET")


class Migration(migrations.Migration):

    dependencies = [
        ('audit_deadlines', '0001_initial'),
        ('parties', '0007_messages_of_applications_name_them'),
    ]

    operations = [
        migrations.AlterField(
            model_name='deadline',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='到期'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='last_day',
            field=models.DateField(blank=True, null=True, verbose_name='最后一日'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='state',
            field=models.CharField(choices=[('RUNNING', '计时中'), ('BREACHED', '已超期'), ('MET', '按时办结'), ('MET_LATE', '办结（超期）'), ('DROPPED', '不再计时')], default='RUNNING', max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', True), ('last_day__isnull', True)), models.Q(('due_at__isnull', False), ('last_day__isnull', False)), _connector='OR'), name='a_clock_with_a_last_day_has_its_due_moment'),
        ),
        migrations.RunPython(name_late_ones, call_them_met),
    ]
