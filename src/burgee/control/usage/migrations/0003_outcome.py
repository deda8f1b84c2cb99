from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('usage', '0002_client_applications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lookup', models.CharField(max_length=64, unique=True)),
                ('environment_id', models.BigIntegerField()),
                ('feature_id', models.BigIntegerField()),
                ('enabled', models.BooleanField(null=True)),
                ('reason', models.CharField(max_length=8, null=True)),
                ('variant', models.CharField(max_length=255, null=True)),
                ('form', models.CharField(max_length=8)),
                ('value', models.CharField(max_length=200, null=True)),
                ('length', models.IntegerField(default=0)),
                ('digest', models.CharField(max_length=32, null=True)),
                ('bucket', models.DateTimeField()),
                ('count', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['environment_id', 'feature_id', 'bucket'], name='outcome_bucket')],
            },
        ),
    ]
