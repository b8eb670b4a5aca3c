"""Subtitles and transcripts: whatever wrote them, what comes out is checked, clean and true to its times."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_pipeline import reasons
from media_pipeline.outputs import check_outputs
from media_pipeline.processors import ProcessorError, Result, captions_file
from media_pipeline.processors.captions_letters import read
from media_pipeline.processors.captions_markup import said
from media_pipeline.recipes.captions import CAPTIONS
from media_pipeline.sandbox import run_processor
from tests.pipeline.pipeline_corpus import corpus

pytestmark = pytest.mark.pure

VIETNAMESE = (
    "Những bản trường ca ở làng cổ được kể suốt đêm bên bếp lửa",
    "Nghệ nhân hát, cồng chiêng đánh, mọi người cùng nghe",
    "Trên Tây Nguyên ai cũng nhớ lời ông bà đã dặn dò",
    "Ngày ấy nước suối trong, rừng rất rộng, ẩn hiện sương mờ",
)
TCVN3 = dict(zip(
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢£¤¥¦§", strict=True,
))  # fmt: skip


def make(content: str | bytes, folder: Path) -> Result:
    """The result of the processor in this process: fast enough for many small files."""
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    for left in out.iterdir():
        left.unlink()
    source = folder / "source"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    return captions_file.run(source, out, CAPTIONS.settings, lambda _percent: None)


def vtt(folder: Path) -> str:
    return (folder / "out" / "captions.vtt").read_text(encoding="utf-8")


def cues(folder: Path) -> list[tuple[str, str]]:
    """The times and the text of each cue."""
    blocks = vtt(folder).strip().split("\n\n")[1:]
    return [(block.split("\n")[1], "\n".join(block.split("\n")[2:])) for block in blocks]


def segments(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "out" / "segments.json").read_text(encoding="utf-8"))
    return found


def problems(result: Result) -> list[list[object]]:
    found = result.facts["problems"]
    assert isinstance(found, list)
    return found


def srt(*texts: str) -> str:
    return "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}" for n, text in enumerate(texts, 1)) + "\n"


def test_srt_becomes_webvtt_and_segments(tmp_path: Path) -> None:
    result = make("\ufeff1\r\n00:00:01,500 --> 00:00:03,25\r\nXin <i>chào</i>\r\nmọi người\r\n\r\n", tmp_path)

    assert cues(tmp_path) == [("00:00:01.500 --> 00:00:03.250", "Xin <i>chào</i>\nmọi người")]
    assert segments(tmp_path) == [
        {"number": 1, "start_ms": 1500, "end_ms": 3250, "speaker": "", "text": "Xin chào\nmọi người"}
    ]
    assert (result.facts["form"], result.facts["is_timed"], problems(result)) == ("srt", True, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "1\n00:00:05,000 --> 00:00:02,000\nNgược\n\n2\n00:00:06,000 --> 00:00:07,000\nXuôi\n",
            [2, "end_before_start"],
        ),
        ("1\n00:00:75,000 --> 00:00:80,000\nSai\n\n2\n00:00:06,000 --> 00:00:07,000\nXuôi\n", [2, "bad_time"]),
        ("1\n0x0 --> 1\nSai\n\n2\n00:00:06,000 --> 00:00:07,000\nXuôi\n", [1, "bad_time"]),
        ("Lời dẫn\n\n1\n00:00:06,000 --> 00:00:07,000\nXuôi\n", [1, "no_time"]),
        ("1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n\n2\n00:00:06,000 --> 00:00:07,000\nXuôi\n", [2, "no_text"]),
        ("1\n00:00:08,000 --> 00:00:09,000\nSau\n\n2\n00:00:06,000 --> 00:00:07,000\nTrước\n", [6, "out_of_order"]),
        ("1\n00:00:01,000 --> 00:00:09,000\nDài\n\n2\n00:00:06,000 --> 00:00:07,000\nCùng lúc\n", [6, "overlap"]),
        ("7\n00:00:01,000 --> 00:00:02,000\nBảy\n\n3\n00:00:06,000 --> 00:00:07,000\nBa\n", [1, "numbering"]),
    ],
)
def test_what_is_wrong_is_told_by_its_line(content: str, told: list[object], tmp_path: Path) -> None:
    result = make(content, tmp_path)

    assert problems(result) == [told]
    starts = [one["start_ms"] for one in segments(tmp_path)]
    assert starts
    assert starts == sorted(starts)


def test_cues_without_empty_lines_between_them_are_found(tmp_path: Path) -> None:
    make("1\n00:00:01,000 --> 00:00:02,000\nMột\n2\n00:00:03,000 --> 00:00:04,000\nHai\n", tmp_path)

    assert [text for _times, text in cues(tmp_path)] == ["Một", "Hai"]


def test_webvtt_loses_styles_and_notes_and_keeps_what_is_safe(tmp_path: Path) -> None:
    make(
        "WEBVTT - tên\n\nSTYLE\n::cue { background: url(http://evil.example/x) }\n\nREGION\nid:fred\n\nNOTE bí mật\ndòng hai\n\n"
        "00:01.000 --> 00:02.000 align:middle position:200% region:fred line:80%\n"
        "<v.loud Già làng><c.red onclick=x>Nghe</c> <lang bdq>đây</lang> &amp; <b>kia</v> <script>alert(1)</script> 1 < 2 --> 3\n",
        tmp_path,
    )

    assert cues(tmp_path) == [
        (
            "00:00:01.000 --> 00:00:02.000 align:center line:80%",
            "<v Già làng>Nghe <lang bdq>đây</lang> &amp; <b>kia</b></v> &lt;script&gt;alert(1)&lt;/script&gt; 1 &lt; 2 --&gt; 3",
        )
    ]
    assert "evil" not in vtt(tmp_path)
    assert "bí mật" not in vtt(tmp_path)
    assert segments(tmp_path)[0]["speaker"] == "Già làng"


def test_substation_alpha_gives_its_dialogue_and_speakers(tmp_path: Path) -> None:
    make(
        "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Name, Text\n"
        "Comment: 0,0:00:00.00,0:00:09.00,D,,không\n"
        r"Dialogue: 0,0:00:03.00,0:00:04.50,D,A Nhưr,{\an8\b1}Đậm{\b0}, <nhọn>\Ndòng" + "\n"
        r"Dialogue: 0,0:00:01.00,0:00:02.00,D,,{\p1}m 0 0 l 9 9{\p0}" + "\n",
        tmp_path,
    )

    assert cues(tmp_path) == [("00:00:03.000 --> 00:00:04.500 line:0", "<v A Nhưr><b>Đậm</b>, &lt;nhọn&gt;\ndòng</v>")]


def test_timed_text_is_read_and_nothing_in_it_is_expanded(tmp_path: Path) -> None:
    make(
        '<?xml version="1.0" encoding="utf-16"?>\n<!DOCTYPE tt [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" ttp:tickRate="10">\n'
        '<body><div begin="10s"><p begin="00:00:01.500" end="00:00:03:05">Xin <span>chào</span><br/>&lt;b&gt; &x;</p>\n'
        '<p begin="40t" dur="1500ms">Hai</p><p begin="x" end="2s">Sai</p></div></body></tt>',
        tmp_path,
    )

    assert cues(tmp_path) == [
        ("00:00:11.500 --> 00:00:13.200", "Xin chào\n&lt;b&gt;"),
        ("00:00:14.000 --> 00:00:15.500", "Hai"),
    ]


def test_sbv_is_read(tmp_path: Path) -> None:
    make("0:00:01.000,0:00:02.500\nXin chào\n\n0:00:03.000,0:00:04.000\nTạm biệt\n", tmp_path)

    assert [times for times, _text in cues(tmp_path)] == [
        "00:00:01.000 --> 00:00:02.500",
        "00:00:03.000 --> 00:00:04.000",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_is_read(encoding: str) -> None:
    assert (
        read(
            "Ơi Đăk Bla".encode(encoding)
            + "\r\nhai".encode(encoding.removesuffix("-sig"))[2 * (encoding == "utf-16") :][
                4 * (encoding == "utf-32") :
            ]
        ).text
        == "Ơi Đăk Bla\nhai"
    )


def test_old_vietnamese_letters_are_converted_and_told(tmp_path: Path) -> None:
    text = srt(*VIETNAMESE)
    in_tcvn3 = "".join(TCVN3.get(letter, letter) for letter in text).encode("cp1252")

    result = make(in_tcvn3, tmp_path)

    assert "\n".join(VIETNAMESE) == "\n".join(str(one["text"]) for one in segments(tmp_path))
    assert problems(result) == [[0, "read_as_tcvn3"]]


def test_vni_and_windows_1258_are_converted() -> None:
    vni = "Nhöõng baûn tröôøng ca ôû laøng coå ñöôïc keå suoát ñeâm beân beáp löûa, ngheä nhaân haùt".encode("cp1252")
    windows = "Nhu\u031b\u0303ng ba\u0309n tru\u031bo\u031b\u0300ng ca".replace("u\u031b", "ư").replace("o\u031b", "ơ")
    windows = f"{windows} kê\u0309 suô\u0301t đêm bên bê\u0301p lư\u0309a, nghê\u0323 nhân ha\u0301t"

    assert read(vni).text == "Những bản trường ca ở làng cổ được kể suốt đêm bên bếp lửa, nghệ nhân hát"
    assert read(windows.encode("cp1258")) == (
        "Những bản trường ca kể suốt đêm bên bếp lửa, nghệ nhân hát",
        "cp1258",
        True,
        False,
    )


def test_western_and_bahnar_letters_are_left_alone() -> None:
    french = "Où êtes-vous né, élève ? À côté de la forêt, là où l'été s'achève."
    bahnar = "Kon hơnăm pơlei, tơdrong kơdih 'Bok tơroi ăn kon hơioh"

    assert read(french.encode("cp1252")).text == french
    assert read(bahnar.encode()) == (bahnar, "utf-8", False, False)


def test_transcript_with_times_becomes_timed_segments(tmp_path: Path) -> None:
    make(
        "Phỏng vấn già làng\n\n[00:00:05] A Nhưr: Ngày xưa\nở đây có nhà rông.\n\n[0:20 - 0:31] Hỏi: Còn bây giờ?\n\n00:01:02,5 Vẫn còn.\n",
        tmp_path,
    )

    assert [(one["start_ms"], one["end_ms"], one["speaker"], one["text"]) for one in segments(tmp_path)] == [
        (0, 5000, "", "Phỏng vấn già làng"),
        (5000, 20_000, "A Nhưr", "Ngày xưa\nở đây có nhà rông."),
        (20_000, 31_000, "Hỏi", "Còn bây giờ?"),
        (62_500, 67_500, "", "Vẫn còn."),
    ]
    assert cues(tmp_path)[1] == ("00:00:05.000 --> 00:00:20.000", "Ngày xưa\nở đây có nhà rông.")


def test_transcript_without_times_is_paragraphs_with_speakers_who_speak_again(tmp_path: Path) -> None:
    result = make(
        "Hỏi: Ông tên gì?\n\nĐáp: A Nhưr.\n\nHỏi: Ở đâu?\n\nĐáp: 12:30 tôi đi rẫy.\n\nLưu ý: một lần.\n", tmp_path
    )

    assert [(one["speaker"], one["text"]) for one in segments(tmp_path)] == [
        ("Hỏi", "Ông tên gì?"), ("Đáp", "A Nhưr."), ("Hỏi", "Ở đâu?"), ("Đáp", "12:30 tôi đi rẫy."), ("", "Lưu ý: một lần."),
    ]  # fmt: skip
    assert result.facts["is_timed"] is False
    assert not (tmp_path / "out" / "captions.vtt").exists()


def test_each_part_can_be_read_alone(tmp_path: Path) -> None:
    make(
        srt(*["Xin chào"] * 9)
        + "".join(f"\n{n}\n00:01:{n % 60:02},000 --> 00:02:00,000\nCâu {n}\n" for n in range(10, 260)),
        tmp_path,
    )

    index = json.loads((tmp_path / "out" / "index.json").read_text())
    whole = (tmp_path / "out" / "segments.json").read_bytes()
    read_by_parts = [
        one for part in index["parts"] for one in json.loads(b"[" + whole[part["offset"] :][: part["length"]] + b"]")
    ]

    assert [part["last"] - part["first"] + 1 for part in index["parts"]] == [100, 100, 59]
    assert read_by_parts == segments(tmp_path)


def test_subtitles_of_which_nothing_is_left_fail_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(ProcessorError) as caught:
        make("1\n00:00:05,000 --> 00:00:02,000\nNgược\n", tmp_path)

    assert (caught.value.code, json.loads(caught.value.detail)) == (reasons.NO_CUES, [[2, "end_before_start"]])


def test_what_is_too_much_is_cut_and_told(tmp_path: Path) -> None:
    lines = "".join(f"{n // 60}:{n % 60:02} Câu {n}\n" for n in range(200))
    source, out = tmp_path / "long", tmp_path / "out"
    source.write_text(lines)
    out.mkdir()

    result = captions_file.run(source, out, {**CAPTIONS.settings, "cues_at_most": 50}, lambda _percent: None)

    assert (result.facts["cues"], problems(result)[0]) == (50, [0, "cut"])


def test_no_tag_comes_through_that_webvtt_does_not_know() -> None:
    raw = "<b><i>đè</b> nhau</i> <font color='red'>đỏ</font> {\\an8}<v a><v b>hai</v> <ruby>漢<rt>Hán</rt></ruby> <rt>lẻ</rt>"

    found = said(raw, letters_at_most=1000)

    assert found.markup == "<b><i>đè</i></b> nhau đỏ <v a></v><v b>hai</v> <ruby>漢<rt>Hán</rt></ruby> lẻ"
    assert found.speaker == ""


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("<>/&;{}\\ biuv.langrt:0123456789-,\n\t'\"ăơ\u0300\ud83d\x00")), max_size=200)
)
def test_whatever_is_said_comes_out_as_balanced_safe_tags(raw: str) -> None:
    found = said(raw, letters_at_most=500)

    open_tags: list[str] = []
    for piece in re.findall(r"<[^>]*>?|>", found.markup):
        name = piece.strip("</>").split(" ")[0]
        assert name in {"b", "i", "u", "v", "lang", "ruby", "rt"}, found.markup
        if piece.startswith("</"):
            assert open_tags.pop() == name
        else:
            open_tags.append(name)
    assert not open_tags
    assert "\n\n" not in found.markup
    assert "-->" not in found.markup


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"WEBVTT\n\n", b"[Script Info]\n[Events]\nDialogue: ", b"1\n00:01 --> 00:02\n", b""]),
)
def test_any_bytes_give_a_result_or_our_own_error(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, head: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    code, result = "", None
    try:
        result = make(head + tail, folder)
    except ProcessorError as error:
        code = error.code

    assert code in {"", reasons.NO_CUES}
    if result is not None:
        answer = {"files": [[one.name, one.media_type, one.facts] for one in result.files], "facts": result.facts}
        check_outputs(answer, folder / "out", CAPTIONS.limits)


def test_files_of_the_corpus_are_read_behind_the_walls(work_dir: Path) -> None:
    folder = corpus()
    if folder is None:
        pytest.skip("the corpus of real files is not here")
    found = {}
    for path in sorted((folder / "captions").iterdir()):
        own = work_dir / path.stem
        own.mkdir()
        result = run_processor(CAPTIONS, path, own)
        found[path.name] = (result.facts["form"], result.facts["cues"], problems(result))

    assert found == {
        "ssa_typical.ssa": ("ass", 3, []),
        "subrip_typical.srt": ("srt", 3, []),
        "subrip_typical_with_tags.srt": ("srt", 14, []),
        "webvtt_typical.vtt": ("vtt", 2, []),
        "webvtt_with_positioning.vtt": ("vtt", 8, []),
    }
