from django.db import migrations

from burgee.control.identities import search_index


class Migration(migrations.Migration):
    dependencies = [("identities", "0002_identity_search")]

    operations = [migrations.RunPython(search_index.keep_capitals, search_index.forget_capitals)]
