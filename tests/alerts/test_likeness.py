"""Alerts that say the same of other things stand together."""

import time

import pytest

from bot.alerts.alert import Alert
from bot.alerts.likeness import MOST_GROUPS, group_alike, words_of

DISK = "[FIRING:1] DiskFull on db-{0}: /var/lib is {1}% full since 2026-11-{0}T0{0}:00:00Z (https://mon.x/{0})"


def test_alike_alerts_are_one_group_and_the_largest_comes_first() -> None:
    """Another host, number, time or link is the same alert again."""
    texts = ["Deploy of shop finished"] + [DISK.format(number, 90 + number) for number in range(1, 4)]
    groups = group_alike([Alert(text) for text in texts])
    assert [len(group.alerts) for group in groups] == [3, 1]
    assert groups[0].alerts[0].text == texts[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Job 4711 failed after 12 s", "Job 4712 failed after 3 s"),
        ("user 'ann' not found", "user 'bob' not found"),
        ("run scheduled__2026-11-20T02:00:00+00:00 failed", "run manual__2026-11-21T05:12:09+00:00 failed"),
        ("trace 01b2c3d4-0000-4abc-9def-001122334455 lost", "trace 91b2c3d4-1111-4abc-9def-001122334456 lost"),
    ],
)
def test_numbers_names_and_times_say_nothing_of_the_kind(one: str, other: str) -> None:
    """They differ from one alert of a kind to the next."""
    assert words_of(one) == words_of(other)
    assert words_of(one)


@pytest.mark.parametrize("piece", ["a.", "'", "a_", "ab-", "1:", "x/", "“a"])
def test_a_hostile_text_costs_little(piece: str) -> None:
    """One message of 40,000 characters must not hold a backtest up for a minute."""
    begun = time.perf_counter()
    words_of(piece * (40_000 // len(piece)))
    assert time.perf_counter() - begun < 1.0


def test_a_word_with_a_digit_in_it_is_an_id_whatever_stands_around_it() -> None:
    """Brackets, paths and signs belong to it; words beside it stay."""
    assert words_of("(db-1) failed: host=web7.eu, path /var/log2/x is full") == {"failed", "path", "is", "full"}


def test_other_words_are_another_group() -> None:
    """One word in common is not alike."""
    assert len(group_alike([Alert("disk is full"), Alert("certificate is expired for shop")])) == 2


def test_texts_without_words_stand_together() -> None:
    """Numbers alone, or nothing: no error."""
    assert len(group_alike([Alert("42"), Alert("4711 :"), Alert("")])) == 1


def test_groups_are_bounded() -> None:
    """A channel in which no two messages are alike."""
    letters = "abcdefghijklmnop"
    words = [f"{a}{b}{c} {c}{b}{a}{a} {b}{b}{a}{c}" for a in letters for b in letters for c in letters]
    groups = group_alike([Alert(text) for text in words])
    assert len(groups) == MOST_GROUPS + 1
    assert sum(len(group.alerts) for group in groups) == len(words)
