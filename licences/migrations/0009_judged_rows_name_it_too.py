"""Rows judged before: the column follows from the kind of fault, a date's from its sentence."""

from django.db import migrations

NAMED = """
    UPDATE licences_stockrow
       SET fault_field = CASE
           WHEN fault IN ('missing_number', 'bad_licence_number', 'duplicate_number',
                          'already_registered') THEN 'number'
           WHEN fault = 'missing_holder_name' THEN 'holder_name'
           WHEN fault IN ('reversed_dates', 'unlimited_validity') THEN 'valid_until'
           WHEN fault IN ('impossible_date', 'unreadable_date', 'missing_date')
                AND reason LIKE '%有效期自%' THEN 'valid_from'
           WHEN fault IN ('impossible_date', 'unreadable_date', 'missing_date')
                AND reason LIKE '%有效期至%' THEN 'valid_until'
           ELSE '' END
     WHERE fault <> ''
"""


class Migration(migrations.Migration):

    dependencies = [("licences", "0008_rows_name_the_column_at_fault")]

    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
