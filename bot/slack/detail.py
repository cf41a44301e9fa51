"""Stage 7: how much of a reply a card shows; a card that is too long for Slack is drawn again with less."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detail:
    """`rows` a table, characters of a step's text, how many steps and charts; `said` bounds what a system answered."""

    rows: int
    step: int
    steps: int
    said: int
    has_summary: bool = True
    charts: int = 0


LEVELS = (
    Detail(rows=10, step=1_500, steps=20, said=1_000, charts=4),
    Detail(rows=5, step=700, steps=15, said=500, charts=3),
    Detail(rows=2, step=300, steps=12, said=300, has_summary=False, charts=1),
    Detail(rows=0, step=120, steps=8, said=150, has_summary=False),
    Detail(rows=0, step=0, steps=3, said=80, has_summary=False),
    Detail(rows=0, step=0, steps=0, said=0, has_summary=False),
)
