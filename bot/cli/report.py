"""The backtest as one HTML file that needs nothing else: no script, no address, every text escaped."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from bot.cli.backtest import example_of, most_common, said_day
from bot.errors import RunbookError
from bot.flow.backtest import Backtest
from bot.playbooks.chart_svg import draw_svg
from bot.playbooks.charts import MOST_POINTS
from bot.playbooks.reply import Chart, ChartKind, Point

TEMPLATE = "report.html.jinja"
MOST_BARS = 17
MOST_GROUPS = 60
EXAMPLES = 3


def write_report(result: Backtest, path: Path, source: str) -> None:
    """Write the page; RunbookError when the file cannot be written."""
    try:
        path.write_text(render_report(result, source, datetime.now(UTC)), encoding="utf-8")
    except OSError as error:
        raise RunbookError(f"{path} cannot be written: {error.strerror}") from error


def render_report(result: Backtest, source: str, now: datetime) -> str:
    """The page as text."""
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        files("bot.cli").joinpath(TEMPLATE).read_text(encoding="utf-8")
    )
    alerts = result.answered_count + result.silent_count
    return template.render(
        result=result,
        source=source,
        now=now,
        alerts=alerts,
        share=result.answered_percent or 0,
        incidents=sum(each.incidents for each in result.answered),
        charts=[Markup(draw_svg(chart)) for chart in _charts(result)],  # noqa: S704 - ElementTree escaped every text
        answered=[_answered(each) for each in result.answered],
        silent=[_group(group) for group in result.silent[:MOST_GROUPS]],
        further=len(result.silent[MOST_GROUPS:]),
    )


def _answered(each: Any) -> Mapping[str, Any]:
    last = said_day(each.alerts[-1].ts)
    examples = _examples(each.alerts)
    return {"entry": each, "last": last, "mostly": most_common(each), "examples": examples}


def _group(group: Any) -> Mapping[str, Any]:
    first, last = said_day(group.alerts[0].ts), said_day(group.alerts[-1].ts)
    count = len(group.alerts)
    return {
        "count": count,
        "first": first,
        "last": last,
        "line": example_of(group),
        "examples": _examples(group.alerts),
    }


def _examples(alerts: Iterable[Any]) -> list[str]:
    """The newest texts, each once."""
    texts = list(dict.fromkeys(alert.text[:2_000] for alert in reversed(list(alerts))))
    return texts[:EXAMPLES]


def _charts(result: Backtest) -> Iterable[Chart]:
    if len(result.days) > 1:
        unit, span = _by_span(result.days)
        for title, place in ((f"Alerts a {unit}, answered", 0), (f"Alerts a {unit}, silent", 1)):
            points = tuple(Point(f"{day:%d %b %y}", float(counts[place])) for day, counts in span.items())
            yield Chart(ChartKind.LINE, title, points)
    if result.answered:
        points = tuple(Point(each.playbook[:28], float(len(each.alerts))) for each in result.answered[:MOST_BARS])
        yield Chart(ChartKind.BAR, "Alerts answered by each playbook", points)


def _by_span(days: Mapping[date, tuple[int, int]]) -> tuple[str, Mapping[date, tuple[int, int]]]:
    """By day, with the empty days in between; by week, the newest ones, where that is too many points."""
    first, last = min(days), max(days)
    unit, step = ("day", 1) if (last - first).days < MOST_POINTS else ("week", 7)
    count = (last - first).days // step + 1
    starts = [first + timedelta(days=number * step) for number in range(max(0, count - MOST_POINTS), count)]
    spans = {start: [days.get(start + timedelta(days=day), (0, 0)) for day in range(step)] for start in starts}
    return unit, {start: (sum(one for one, _ in each), sum(one for _, one in each)) for start, each in spans.items()}
