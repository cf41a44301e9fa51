"""Stage 7: a chart in a card: Slack's own block where it takes one, else a picture, else characters. Pure.

Limits of the block: docs.slack.dev/reference/block-kit/blocks/data-visualization-block, and two of them a message, as
projects that tried it report.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from bot.playbooks.chart_text import describe_chart, draw_chart
from bot.playbooks.reply import Chart, Point, Reply, StepState
from bot.slack.elements import Block, plain, section
from bot.slack.escape import escape, fenced

NATIVE = "data_visualization"
MOST_NATIVE = 2
MOST_NATIVE_POINTS = 20
LONGEST_ALT = 2_000


@dataclass(frozen=True, slots=True)
class Forms:
    """How charts can be shown now: whether Slack takes its own block, and the file ids of pictures, by digest."""

    native: bool = True
    pictures: Mapping[str, str] = field(default_factory=dict)

    def draw(self, charts: Iterable[Chart]) -> dict[Chart, Block]:
        """The block of each chart; the first ones that fit are Slack's own."""
        drawn: dict[Chart, Block] = {}
        left = MOST_NATIVE if self.native else 0
        for chart in charts:
            if chart in drawn:
                continue
            if left and fits_native(chart):
                drawn[chart] = native_chart(chart)
                left -= 1
            else:
                file = self.pictures.get(digest(chart))
                drawn[chart] = picture(chart, file) if file else written_chart(chart)
        return drawn

    def lacking(self, charts: Iterable[Chart]) -> list[Chart]:
        """Charts that are shown as characters only because no picture of them is there."""
        return [chart for chart, block in self.draw(charts).items() if block["type"] == "section"]


def charts_of(reply: Reply, *, complete: bool = False) -> list[Chart]:
    """Every chart of the reply; `complete` leaves out those of steps that still look, which may change soon."""
    steps = [step for step in reply.steps if not (complete and step.state is StepState.LOOKING)]
    return [chart for step in steps for chart in step.charts]


def digest(chart: Chart) -> str:
    """Tells whether two charts look the same, in this process and the next."""
    return sha256(repr(chart).encode()).hexdigest()


def fits_native(chart: Chart) -> bool:
    """Slack's block holds 20 points."""
    return len(chart.points) <= MOST_NATIVE_POINTS


def native_chart(chart: Chart) -> Block:
    """The chart as Slack's own block: the limit is a series of its own. Gaps are left out: Slack knows none."""
    known = [point for point in chart.points if point.value is not None]
    series = [_series(chart.unit or "value", known, [point.value for point in known])]
    if all(point.limit is not None for point in known):
        name = chart.limit_name if chart.limit_name != series[0]["name"] else "upper limit"  # names have to differ
        series.append(_series(name, known, [point.limit for point in known]))
    axis: Block = {"categories": [point.label for point in known]}
    if chart.unit:
        axis["y_label"] = chart.unit
    drawn = {"type": chart.kind.value, "series": series, "axis_config": axis}
    return {"type": NATIVE, "title": chart.title[:50] or "Chart", "chart": drawn}


def _series(name: str, points: list[Point], values: list[float | None]) -> Block:
    data = [
        {"label": point.label, "value": _rounded(value or 0.0)} for point, value in zip(points, values, strict=True)
    ]
    return {"name": name, "data": data}


def _rounded(value: float) -> float:
    """No more digits than people read: Slack shows what it is given."""
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}")


def picture(chart: Chart, file: str) -> Block:
    """An uploaded picture, with the chart in words for whoever does not see it."""
    alt = describe_chart(chart, LONGEST_ALT)
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt, "title": plain(chart.title or "Chart", 200)}


def written_chart(chart: Chart) -> Block:
    """The chart in characters, narrow enough for a phone."""
    return section(f"*{escape(chart.title)}*\n{fenced(chr(10).join(draw_chart(chart)))}")
