"""What is wrong with a playbook, as somebody editing it wants to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import PlaybookError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: where, what, and what was perhaps meant ("" when nothing comes close)."""

    path: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: {self.message}"
        return f"{where}\n    {self.hint}" if self.hint else where


class PlaybooksRefused(PlaybookError):
    """A folder cannot be used: every problem found in it, not only the first, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        first = self.problems[0]
        super().__init__("\n".join(str(problem) for problem in self.problems))
        self.path, self.line = first.path, first.line


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """ "did you mean …?" with the closest names, else all of them when they are few, else ""."""
    names = sorted({str(each) for each in known})
    by_lower = {each.lower(): each for each in names}
    close = [by_lower[each] for each in get_close_matches(name.lower(), by_lower, n=2, cutoff=0.6)]
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 12 else ""
