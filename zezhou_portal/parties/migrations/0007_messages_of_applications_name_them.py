"""Messages told before name their application, and lead to where it stands now.

Applications were matters once; the way back leaves the links, which led nowhere before.
"""

from django.db import migrations

NAMED = """
    UPDATE parties_notification
       SET subject_kind = 'application',
           subject_key = split_part(link, '/', 3),
           link = '/applications/' || split_part(link, '/', 3) || '/'
     WHERE subject_key = ''
       AND link ~ '^/(applications|matters)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/$'
"""


class Migration(migrations.Migration):

    dependencies = [("parties", "0006_messages_name_their_subject")]

    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
