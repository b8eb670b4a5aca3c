"""Statements of rights become records of their own: the ready-made ones, and whatever address an item has."""

from django.db import migrations

# Address, address part, family, whether it needs a statement of origin, names in Vietnamese and English.
STATEMENTS = (
    ("https://creativecommons.org/licenses/by/4.0/", "cc-by-4", "cc", False, "CC BY 4.0: dùng tự do, ghi rõ nguồn", "CC BY 4.0: free use, name the source"),
    ("https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa-4", "cc", False, "CC BY-SA 4.0: dùng tự do, ghi rõ nguồn, chia sẻ tương tự", "CC BY-SA 4.0: free use, name the source, share alike"),
    ("https://creativecommons.org/licenses/by-nc/4.0/", "cc-by-nc-4", "cc", False, "CC BY-NC 4.0: phi thương mại, ghi rõ nguồn", "CC BY-NC 4.0: not for commerce, name the source"),
    ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "cc-by-nc-nd-4", "cc", False, "CC BY-NC-ND 4.0: phi thương mại, giữ nguyên, ghi rõ nguồn", "CC BY-NC-ND 4.0: not for commerce, unchanged, name the source"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0", "cc", False, "CC0: từ bỏ mọi quyền", "CC0: rights given up"),
    ("https://creativecommons.org/publicdomain/mark/1.0/", "public-domain", "cc", False, "Thuộc về công chúng", "Public domain"),
    ("http://rightsstatements.org/vocab/InC/1.0/", "in-copyright", "rs", False, "Còn thời hạn bảo hộ quyền tác giả", "In copyright"),
    ("http://rightsstatements.org/vocab/InC-EDU/1.0/", "in-copyright-edu", "rs", False, "Còn thời hạn bảo hộ quyền tác giả, được dùng để giảng dạy", "In copyright, may be used for teaching"),
    ("http://rightsstatements.org/vocab/NoC-OKLR/1.0/", "no-copyright-other-law", "rs", False, "Không còn quyền tác giả, nhưng có quy định pháp luật khác", "No copyright, but other rules of law hold"),
    ("http://rightsstatements.org/vocab/NKC/1.0/", "no-known-copyright", "rs", False, "Không thấy có quyền tác giả", "No known copyright"),
    ("http://rightsstatements.org/vocab/CNE/1.0/", "copyright-not-examined", "rs", False, "Chưa xem xét quyền tác giả", "Copyright not examined"),
    ("http://rightsstatements.org/vocab/UND/1.0/", "copyright-undetermined", "rs", False, "Chưa xác định được quyền tác giả", "Copyright undetermined"),
    ("tag:nha-rong,2025:quyen/dan-gian", "folklore", "folklore", True, "Tác phẩm văn học, nghệ thuật dân gian: dẫn nguồn gốc, giữ giá trị đích thực", "Folklore: name its origin, keep it true"),
)  # fmt: skip


def make(apps, schema_editor):
    statement = apps.get_model("archive", "RightsStatement")
    item = apps.get_model("archive", "Item")
    for position, (uri, slug, family, origin, vi, en) in enumerate(STATEMENTS):
        names = [{"lang": "vi", "value": vi}, {"lang": "en", "value": en}]
        statement.objects.get_or_create(
            uri=uri,
            defaults={"slug": slug, "family": family, "requires_origin": origin, "names": names, "position": position},
        )
    written = item.objects.exclude(rights_uri="").order_by().values_list("rights_uri", flat=True).distinct()
    for number, uri in enumerate(written, start=1):
        row, _made = statement.objects.get_or_create(
            uri=uri, defaults={"slug": f"rights-{number}", "family": "other", "names": [{"lang": "und", "value": uri}]}
        )
        item.objects.filter(rights_uri=uri).update(rights=row)


def take_back(apps, schema_editor):
    item = apps.get_model("archive", "Item")
    for row in apps.get_model("archive", "RightsStatement").objects.all():
        item.objects.filter(rights=row).update(rights_uri=row.uri, rights=None)


class Migration(migrations.Migration):

    dependencies = [("archive", "0011_full_description")]

    operations = [migrations.RunPython(make, take_back)]
