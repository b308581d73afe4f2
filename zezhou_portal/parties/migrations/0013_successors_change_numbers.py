"""A successor changes regulated numbers; one number may take the place of several texts (M.32)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0012_successors_are_confirmed_by_another'),
    ]

    operations = [
        migrations.CreateModel(
            name='SuccessorNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='规定')),
                ('value', models.PositiveSmallIntegerField(verbose_name='改为')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='parties.successorinstrument')),
            ],
            options={
                'verbose_name': '后续文件改的数',
                'constraints': [models.UniqueConstraint(fields=('instrument', 'code'), name='a_successor_changes_a_number_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='successorinstrument',
            name='an_instrument_is_loaded_once',
        ),
        migrations.AddConstraint(
            model_name='successorinstrument',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WITHDRAWN'), _negated=True), fields=('number', 'replaces'), name='a_number_takes_the_place_of_an_instrument_once'),
        ),
    ]
