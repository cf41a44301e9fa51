"""Values of a payload are read without trust."""

import pytest

from bot.alerts import shape


def test_wrong_types_are_nothing() -> None:
    """Only strings and numbers are text, only mappings are mappings, only lists hold something."""
    assert [shape.text(value) for value in ("a", 7, 1.5, True, None, [], {})] == ["a", "7", "1.5", "", "", "", ""]
    assert shape.mapping([1]) == {}
    assert list(shape.mappings([{"a": 1}, "x", None, {"b": 2}])) == [{"a": 1}, {"b": 2}]
    assert list(shape.mappings({"a": {}})) == []
    assert list(shape.rows([[1], "x", (2, 3)])) == [[1], [2, 3]]


def test_sizes_have_a_bound() -> None:
    """Neither a text nor a list is read beyond what Slack itself would send."""
    assert len(shape.text("x" * 10**6)) == 100_000
    assert len(list(shape.mappings([{}] * 10_000))) == shape.MOST
    assert len(next(iter(shape.rows([[1] * 10_000])))) == shape.MOST


@pytest.mark.parametrize("value", ["\ud83d", "a\udfffb", "\ud800" * 9], ids=ascii)
def test_half_a_surrogate_pair_is_no_text(value: str) -> None:
    """JSON can hold one, UTF-8 cannot: neither a database nor an answer to Slack could take it."""
    read = shape.text(value)
    assert read.encode().decode() == read
    assert len(read) == len(value)


@pytest.mark.parametrize("value", ["", "é", "🔥", "\x00", "\ufffd\uffff"], ids=ascii)
def test_every_other_text_is_handed_on_as_it_is(value: str) -> None:
    """What to do with it is for whoever shows or keeps it."""
    assert shape.text(value) == value
