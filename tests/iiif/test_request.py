"""Image requests: the grammar of IIIF Image API 3.0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.iiif.image.request import Box, Picture, RequestRefused, canonical, parse

pytestmark = pytest.mark.pure
PICTURE = Picture(3000, 2000, area_most=1_000_000)


def cut(region: str = "full", size: str = "max") -> tuple[Box, int, int]:
    asked = parse(PICTURE, region, size, "0", "default", "jpg")
    return asked.region, asked.width, asked.height


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("full", Box(0, 0, 3000, 2000)),
        ("square", Box(500, 0, 2000, 2000)),
        ("10,20,30,40", Box(10, 20, 30, 40)),
        ("2990,1990,100,100", Box(2990, 1990, 10, 10)),
        ("pct:50,50,10,10", Box(1500, 1000, 300, 200)),
        ("pct:0,0,0.001,0.001", Box(0, 0, 1, 1)),
    ],
)
def test_a_region_is_read(text: str, box: Box) -> None:
    assert cut(region=text)[0] == box


@pytest.mark.parametrize(
    "text",
    ["", "0,0,0,10", "0,0,10,0", "3000,0,1,1", "0,2000,1,1", "-1,0,10,10", "1,2,3", "1,2,3,4,5", "pct:0,0,0,1", "a,b,c,d",
     "pct:100,0,1,1", "１,2,3,4", "1e3,0,1,1", "0,0,9999999999,1", "pct:nan,0,1,1", "full "],
)  # fmt: skip
def test_a_wrong_region_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused):
        cut(region=text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("max", (1224, 816)),
        ("^max", (1224, 816)),
        ("600,", (600, 400)),
        (",400", (600, 400)),
        ("pct:10", (300, 200)),
        ("300,300", (300, 300)),
        ("!300,300", (300, 200)),
        ("!5000,200", (300, 200)),
        ("^600,", (600, 400)),
        ("1,", (1, 1)),
    ],
)
def test_a_size_is_read(text: str, size: tuple[int, int]) -> None:
    assert cut(size=text)[1:] == size


@pytest.mark.parametrize(
    "text",
    ["full", "0,", ",0", "0,0", "pct:0", "pct:101", "^pct:101", "3001,", ",2001", "^3001,", "3000,2000", "!4000,4000", "!10,",
     "!,10", ",", "-1,", "1.5,", "10,10,10", "max^"],
)  # fmt: skip
def test_a_wrong_or_larger_size_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused):
        cut(size=text)


@pytest.mark.parametrize("text", ["45", "361", "-90", "!", "!!90", "90.", "x", "", "1e2"])
def test_a_wrong_or_oblique_rotation_is_refused(text: str) -> None:
    with pytest.raises(RequestRefused):
        parse(PICTURE, "full", "max", text, "default", "jpg")


@pytest.mark.parametrize(
    ("text", "turned"), [("0", (False, 0)), ("!90", (True, 90)), ("360", (False, 0)), ("270.0", (False, 270))]
)
def test_a_rotation_is_read(text: str, turned: tuple[bool, int]) -> None:
    asked = parse(PICTURE, "full", "max", text, "default", "jpg")

    assert (asked.mirrored, asked.degrees) == turned


@pytest.mark.parametrize(("quality", "form"), [("native", "jpg"), ("default", "gif"), ("default", "JPG"), ("", "png")])
def test_what_is_not_offered_is_refused(quality: str, form: str) -> None:
    with pytest.raises(RequestRefused):
        parse(PICTURE, "full", "max", "0", quality, form)


_NUMBER = st.integers(-5, 10**12) | st.floats(-5, 200) | st.just(float("nan"))
_REGION = (
    st.sampled_from(["full", "square"])
    | st.text(max_size=12)
    | st.tuples(st.sampled_from(["", "pct:"]), st.lists(_NUMBER, min_size=3, max_size=5)).map(
        lambda made: made[0] + ",".join(map(str, made[1]))
    )
)
_SIZE = (
    st.sampled_from(["max", "^max"])
    | st.text(max_size=12)
    | st.tuples(
        st.sampled_from(["", "^", "!", "^!", "pct:", "^pct:"]), st.lists(_NUMBER | st.just(""), min_size=1, max_size=3)
    ).map(lambda made: made[0] + ",".join(map(str, made[1])))
)


@given(
    st.integers(1, 200_000),
    st.integers(1, 200_000),
    _REGION,
    _SIZE,
    st.text(max_size=6) | st.sampled_from(["0", "90", "!180"]),
)
def test_any_request_is_read_within_bounds_or_refused(
    width: int, height: int, region: str, size: str, rotation: str
) -> None:
    picture = Picture(width, height, area_most=4_000_000)
    try:
        asked = parse(picture, region, size, rotation, "default", "jpg")
    except RequestRefused:
        return

    box = asked.region
    assert 0 <= box.x < box.x + box.width <= width
    assert 0 <= box.y < box.y + box.height <= height
    assert 1 <= asked.width <= box.width
    assert 1 <= asked.height <= box.height
    assert asked.width * asked.height <= 4_000_000
    again = canonical(asked, picture).removesuffix("/default.jpg").split("/")
    assert parse(picture, *again, "default", "jpg") == asked
