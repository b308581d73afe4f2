"""Successors are confirmed by a second official; those loaded before go on counting (M.32)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0011_years_announced_in_the_portal'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='successorinstrument',
            name='an_instrument_is_loaded_once',
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='确认时间'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='confirmed_by_name',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='确认人'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='loaded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='loaded_by_name',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='登记人'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='撤回的原因'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='state',
            field=models.CharField(choices=[('PROPOSED', '等确认'), ('CONFIRMED', '已确认'), ('WITHDRAWN', '已撤回')], default='CONFIRMED', max_length=9, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='successorinstrument',
            name='state',
            field=models.CharField(choices=[('PROPOSED', '等确认'), ('CONFIRMED', '已确认'), ('WITHDRAWN', '已撤回')], default='PROPOSED', max_length=9, verbose_name='状态'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='text',
            field=models.TextField(blank=True, default='', verbose_name='文件原文'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='撤回时间'),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='successorinstrument',
            name='withdrawn_by_name',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='撤回人'),
        ),
        migrations.AddConstraint(
            model_name='successorinstrument',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WITHDRAWN'), _negated=True), fields=('number',), name='an_instrument_is_loaded_once'),
        ),
    ]
