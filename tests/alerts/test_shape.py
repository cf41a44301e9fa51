"""Values of a payload are read without trust."""

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
