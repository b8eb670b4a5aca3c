"""The fields that a table may fill, and what people call them. The first heading in each language is the one that we write. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Form(Enum):
    """How the cells of a column are read."""

    TEXT = auto()  # texts in languages, parted by |
    PLAIN = auto()  # one text
    LIST = auto()  # codes or names, parted by ; or |
    CHOICE = auto()  # one code or name
    DATE = auto()  # a date as people say it
    EDTF = auto()  # a date as EDTF
    DAY = auto()  # a day of the calendar
    FLAG = auto()  # yes or no
    IDENTIFIER = auto()
    RIGHTS = auto()
    LEVEL = auto()
    AGENTS = auto()
    PLACES = auto()
    FILES = auto()
    OWN = auto()
    NOTHING = auto()  # written by us to be read by people, and passed over when it comes back


@dataclass(frozen=True)
class Field:
    """One field of an item, or one of its relations. `chars_most`: of one value."""

    name: str
    form: Form
    vi: tuple[str, ...]
    en: tuple[str, ...]
    chars_most: int = 20_000
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[str, ...]:
        return (*self.vi, *self.en)


_PLACES = {
    "created": ("Nơi làm ra", "Nơi thực hiện", "Nơi chụp", "Nơi ghi", "Made in"),
    "depicted": ("Nơi thể hiện", "Nơi trong ảnh", "Place shown"),
    "subject": ("Nơi nói đến", "Place it is about"),
    "published": ("Nơi xuất bản", "Place of publication"),
}

_ALL = (
    Field("identifier", Form.IDENTIFIER, ("Mã số", "Ký hiệu", "Số đăng ký", "Mã hiệu", "Số đăng ký cá biệt"),
          ("Identifier", "Number", "Accession number"), 80),
    Field("titles", Form.TEXT, ("Nhan đề", "Tiêu đề", "Tên", "Nhan đề chính"), ("Title", "Titles"), 2000),
    Field("alternative_titles", Form.TEXT, ("Nhan đề khác", "Tên khác"), ("Other title", "Other titles", "Alternative title"), 2000),
    Field("kind", Form.CHOICE, ("Loại", "Loại tài liệu", "Loại hình"), ("Kind", "Type")),
    Field("template", Form.CHOICE, ("Mẫu mô tả", "Mẫu"), ("Template",)),
    Field("descriptions", Form.TEXT, ("Mô tả", "Tóm tắt", "Nội dung tóm tắt"), ("Description", "Descriptions", "Abstract")),
    Field("contents", Form.TEXT, ("Mục lục", "Nội dung"), ("Contents", "Table of contents")),
    Field("languages", Form.LIST, ("Ngôn ngữ", "Tiếng"), ("Language", "Languages"), 80),
    Field("date", Form.DATE, ("Thời gian", "Ngày", "Năm", "Ngày tháng", "Ngày làm ra"), ("Date", "Year", "Date made"), 200),
    Field("date_edtf", Form.EDTF, ("Thời gian (EDTF)",), ("Date (EDTF)",), 80),
    Field("date_as_written", Form.PLAIN, ("Thời gian như đã ghi",), ("Date as written",), 200),
    Field("issued", Form.DATE, ("Năm xuất bản", "Ngày xuất bản"), ("Date of publication", "Published on", "Issued"), 200),
    Field("issued_edtf", Form.EDTF, ("Năm xuất bản (EDTF)",), ("Date of publication (EDTF)",), 80),
    Field("issued_as_written", Form.PLAIN, ("Năm xuất bản như đã ghi",), ("Date of publication as written",), 200),
    Field("period", Form.DATE, ("Thời kỳ", "Thời kỳ nói đến", "Thời gian nói đến"), ("Period", "Time that it is about"), 200),
    Field("period_edtf", Form.EDTF, ("Thời kỳ (EDTF)",), ("Period (EDTF)",), 80),
    Field("period_as_written", Form.PLAIN, ("Thời kỳ như đã ghi",), ("Period as written",), 200),
    Field("peoples", Form.LIST, ("Dân tộc",), ("People", "Peoples"), 200),
    Field("subjects", Form.LIST, ("Chủ đề", "Đề mục", "Từ khóa"), ("Subject", "Subjects", "Keyword", "Keywords"), 200),
    Field("collections", Form.LIST, ("Bộ sưu tập", "Sưu tập"), ("Collection", "Collections"), 200),
    Field("credits", Form.AGENTS, ("Người tham gia", "Những người tham gia"), ("Agents", "Agent", "Who took part", "Credits"), 300),
    Field("located", Form.PLACES, ("Địa điểm", "Nơi", "Nơi chốn"), ("Place", "Places"), 700, _PLACES),
    Field("extents", Form.TEXT, ("Khối lượng", "Số trang", "Thời lượng", "Kích thước"), ("Extent", "Size", "Duration"), 2000),
    Field("mediums", Form.TEXT, ("Vật mang tin", "Chất liệu"), ("Medium", "Material"), 2000),
    Field("provenances", Form.TEXT, ("Lịch sử lưu giữ", "Nguồn gốc lưu giữ"), ("History of keeping", "Provenance")),
    Field("sources", Form.TEXT, ("Nguồn", "Nguồn gốc"), ("Source", "Sources")),
    Field("orthography_notes", Form.TEXT, ("Ghi chú chính tả", "Ghi chú về chính tả"), ("Note on spelling",)),
    Field("other_identifiers", Form.LIST, ("Mã số khác", "Ký hiệu khác"), ("Other identifiers", "Other identifier"), 200),
    Field("rights", Form.RIGHTS, ("Quyền", "Bản quyền"), ("Rights", "Rights address"), 300),
    Field("rights_holders", Form.TEXT, ("Chủ sở hữu quyền", "Người giữ quyền"), ("Holder of the rights", "Rights holder"), 2000),
    Field("rights_note", Form.PLAIN, ("Ghi chú thời hạn bảo hộ", "Ghi chú về quyền"), ("Note on the term of protection", "Rights note")),
    Field("rights_statements", Form.TEXT, ("Tuyên bố quyền", "Lời tuyên bố quyền"), ("Rights in words", "Rights statement")),
    Field("origin_statements", Form.TEXT, ("Dẫn nguồn", "Lời dẫn xuất xứ", "Xuất xứ"), ("Statement of origin",)),
    Field("depicts_person", Form.FLAG, ("Nhận ra người", "Có người nhận ra được"), ("A person can be recognised", "Depicts a person")),
    Field("access", Form.LEVEL, ("Ai được xem", "Mức truy cập", "Quyền truy cập"), ("Access", "Who may see it", "Access level"), 4000),
    Field("protocols", Form.LIST, ("Quy ước", "Quy ước cộng đồng"), ("Protocols", "Protocol"), 200),
    Field("sharing", Form.CHOICE, ("Quy ước: tất cả hay một",), ("Of all or any of the protocols", "Sharing")),
    Field("opens_on", Form.DAY, ("Đóng đến ngày",), ("Closed until",), 40),
    Field("closes_on", Form.DAY, ("Mở đến hết ngày",), ("Open until", "Open until (last day)"), 40),
    Field("restriction_reasons", Form.LIST, ("Lý do hạn chế", "Vì sao đóng"), ("Why it is closed", "Reasons for closing"), 200),
    Field("sensitivity_note", Form.PLAIN, ("Ghi chú nhạy cảm", "Ghi chú về điều nhạy cảm"), ("Note on sensitivity",)),
    Field("communities", Form.LIST, ("Cộng đồng",), ("Communities", "Community"), 200),
    Field("files", Form.FILES, ("Tệp", "Tập tin", "Tên tệp", "Tệp tin"), ("File", "Files", "File name"), 1000),
    Field("own_values", Form.OWN, (), ()),
    Field("pid", Form.NOTHING, ("Định danh bền vững",), ("Persistent identifier",)),
    Field("state", Form.NOTHING, ("Trạng thái",), ("State",)),
    Field("modified_at", Form.NOTHING, ("Sửa lần cuối",), ("Last change",)),
)  # fmt: skip
FIELDS: Mapping[str, Field] = {one.name: one for one in _ALL}
# The lists of texts in languages, as the columns of an item.
TEXTS = tuple(one.name for one in _ALL if one.form is Form.TEXT)
PLAINS = tuple(one.name for one in _ALL if one.form is Form.PLAIN)
DATES = ("date", "issued", "period")
