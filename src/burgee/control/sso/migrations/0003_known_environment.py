from django.db import migrations, models

import burgee.control.kit.values


class Migration(migrations.Migration):
    dependencies = [
        ("sso", "0002_handover"),
    ]

    operations = [
        migrations.CreateModel(
            name="KnownEnvironment",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("said", burgee.control.kit.values.JsonTextField(default=dict)),
            ],
        ),
    ]
