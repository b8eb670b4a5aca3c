"""Dates as people say them, Vietnamese and English, to EDTF and back: "khoảng 1975", "before 1945", "cuối thế kỷ XIX". Pure, no clock.

What is said is kept as it was written by whoever calls; here it only gets a meaning. How doubtful phrases are understood:

- "trước 1945" is `[..1944]`, some day before that year; "đến (hết) 1944" is `../1944`, a time that lasts until then. So with "sau", "từ".
- A century is its hundred: "thế kỷ 19" is `18XX`. Early, middle, late: its thirds, with both ends "about" (`1900~/1933~`); of a decade
  its years 0-3, 4-6, 7-9; of a year four months each; of a month ten days each.
- "mùa khô 1972" has no season in EDTF. In the highlands it lasts from November to April, most of it in the second of the two years, whose
  name it has: `1971-11~/1972-04~`, read out as "mùa khô 1971-1972". "mùa mưa 1972" is `1972-05~/1972-10~`.
- Days and months in figures are in Vietnamese order, day first.
- Years of two figures, "the 1900s", "1925-30", "c1975" and the like mean two things: they are refused, with what they may mean. So are
  months and days of the lunar calendar, which this module does not convert.
"""

from archive.dates_as_said.reading import Said, SaidError, read
from archive.dates_as_said.writing import say

__all__ = ["Said", "SaidError", "read", "say"]
