"""What a message speaks of, so that who erases it finds what was told (M.3)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("parties", "0005_windows_record_mandates")]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="subject_kind",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="notification",
            name="subject_key",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("subject_key", ""), _negated=True),
                fields=["subject_key", "subject_kind"],
                name="notifications_of_a_subject",
            ),
        ),
    ]
