"""What a sample file says about itself, in words and in metadata."""

from dataclasses import dataclass

PREFIX_VI = "[Mẫu]"
PREFIX_EN = "[Sample]"
NOTICE_VI = "Dữ liệu mẫu do phần mềm tạo ra, không phải tư liệu thật."
NOTICE_EN = "Sample data made by software, not a real document."
CREATOR = "Nhà Rông: bộ sinh dữ liệu mẫu"
CLOSED_VI = "Thẻ thử: tư liệu này không có nội dung."
CLOSED_EN = "Test card: nothing is held here."


@dataclass(frozen=True)
class Mark:
    """The item that a file is made for: what goes into its label and its metadata."""

    identifier: str
    title: str
    people: str
    seed: int

    @property
    def marked_title(self) -> str:
        """The title as every file carries it."""
        return f"{PREFIX_VI} {self.title}"

    @property
    def description(self) -> str:
        """One sentence in each language, for metadata fields that hold plain text."""
        return f"{self.marked_title}. {NOTICE_VI} {NOTICE_EN} ({self.identifier})"
