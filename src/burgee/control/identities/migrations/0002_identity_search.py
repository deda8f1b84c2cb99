from django.db import migrations

from burgee.control.identities import search_index


class Migration(migrations.Migration):
    dependencies = [("identities", "0001_initial")]

    operations = [migrations.RunPython(search_index.make, search_index.drop)]
