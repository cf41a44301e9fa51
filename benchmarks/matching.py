"""How fast thousands of patterns meet one text: this engine, a loop over `re`, and Hyperscan, in one run.

Each engine is given the text as Slack gives it (str) and answers with the patterns that match and their named groups.
All run the same patterns, case-insensitive: ten of real runbooks, the others of five templates over words for systems,
entities, paces and errors, named groups among them; noise is made of the same words, and every second text holds one
alert. Hyperscan has no groups, so `re` reads them from the patterns that it found. Every text is new to every engine;
before measuring, each engine has met the alert of every kind that occurs. Engines take turns, chunk by chunk, and CPU
seconds of the thread are counted, so that a busy machine slows all alike.
"""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figures import table
from benchmarks.incident_kinds import alert_texts, hostile_text, incident_kind

PATTERNS = (10, 100, 1_000, 10_000)
SIZES = {200: 1_000, 2_000: 1_000, 40_000: 60}  # characters of a text, and how many of them
OCCURRING = 100  # kinds that occur in the texts: of ten thousand, few are on any one day
LOOP_BYTES = 20_000_000  # the loop gets as many texts as keep it below this: patterns times characters
CHUNKS = 10

Engine = Callable[[str], list[tuple[int, dict[str, str]]]]


def loop_over_re(patterns: list[str]) -> Engine:
    compiled = [re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE | re.MULTILINE) for pattern in patterns]

    def find(text: str) -> list[tuple[int, dict[str, str]]]:
        return [(place, found.groupdict()) for place, each in enumerate(compiled) if (found := each.search(text))]

    return find


def this_engine(patterns: list[str]) -> Engine:
    from bot.playbooks.patterns import PatternSet

    known = PatternSet(patterns)

    def find(text: str) -> list[tuple[int, dict[str, str]]]:
        return [(place, dict(hit.groups)) for place, hit in known.scan(text).hits().items()]

    return find


def hyperscan_and_re(patterns: list[str]) -> Engine:
    import hyperscan

    wide = [pattern.replace(" ", r"\s+") for pattern in patterns]
    compiled = [re.compile(pattern.encode(), re.IGNORECASE | re.MULTILINE) for pattern in wide]
    bare = [re.sub(r"\(\?P<\w+>", "(?:", pattern).encode() for pattern in wide]
    flags = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_SINGLEMATCH
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=bare, ids=list(range(len(bare))), elements=len(bare), flags=[flags] * len(bare))
    places: list[int] = []

    def note(place: int, *_: Any) -> None:
        places.append(place)

    def find(text: str) -> list[tuple[int, dict[str, str]]]:
        encoded = text.encode()
        places.clear()
        database.scan(encoded, match_event_handler=note)
        found = [(place, compiled[place].search(encoded)) for place in sorted(places)]
        return [(place, {n: v.decode() for n, v in hit.groupdict().items() if v}) for place, hit in found if hit]

    return find


def one_text_and_re2(patterns: list[str]) -> Engine:
    """The plain form of this engine, which first measurements were made with: one fixed text leads to each pattern."""
    import re2
    from ahocorasick_rs import AhoCorasick

    options = re2.Options()
    options.case_sensitive = False
    compiled = [re2.compile("(?m)" + pattern.replace(" ", r"\s+"), options) for pattern in patterns]
    owners: dict[str, list[int]] = {}
    for place, pattern in enumerate(patterns):
        owners.setdefault(_fixed_text(pattern).lower(), []).append(place)
    automaton, places = AhoCorasick(list(owners)), list(owners.values())

    def find(text: str) -> list[tuple[int, dict[str, str]]]:
        hits = automaton.find_matches_as_indexes(text.lower(), overlapping=True)
        near = sorted({place for hit in hits for place in places[hit[0]]})
        encoded = text.encode() if near else b""
        found = [(place, compiled[place].search(encoded)) for place in near]
        return [(place, {n: v.decode() for n, v in hit.groupdict().items() if v}) for place, hit in found if hit]

    return find


def _fixed_text(pattern: str) -> str:
    """The run of the pattern that leads to it: one with a number, else the longest, before any alternatives."""
    first = pattern.split("(?:", maxsplit=1)[0]
    runs = re.split(r"\\.|\[[^\]]*\]|\(\?P<\w+>|[().?*+|{}]|\d+,\d+", first)
    return max((run for run in runs if len(run) >= 4), key=lambda run: (any(map(str.isdigit, run)), len(run)))


ENGINES = {"loop": loop_over_re, "this": this_engine, "one text": one_text_and_re2, "hyperscan": hyperscan_and_re}


def measure(count: int) -> dict[str, Any]:
    """One number of patterns, in a process of its own: seconds to build, texts a second by size, the hostile text."""
    patterns = [incident_kind(number)[0] for number in range(count)]
    built: dict[str, Engine] = {}
    seconds = {}
    for name, build in ENGINES.items():
        begun = time.thread_time()
        try:
            built[name] = build(patterns)
        except ImportError:
            continue
        seconds[name] = time.thread_time() - begun
    rates = {str(size): _rates(built, count, size) for size in SIZES}
    hostile = hostile_text(count, 40_000)
    built["this"](hostile)
    hostile_ms = _thread_ms(built["this"], hostile)
    answer = {"count": count, "build_s": seconds, "rates": rates, "hostile_ms": hostile_ms}
    return answer | {"seen": _seen_rates(built, min(count, OCCURRING))}


def _seen_rates(engines: dict[str, Engine], kinds: int) -> dict[str, float]:
    """Texts of 2 kB that every engine has met before, as first measurements had them: RE2 keeps its states."""
    texts = alert_texts(kinds, 2_000, 400, "seen")
    rates = {}
    for name, find in engines.items():
        if name == "loop":
            continue
        for text in texts:
            find(text)
        begun = time.thread_time()
        for text in texts:
            find(text)
        rates[name] = len(texts) / (time.thread_time() - begun)
    return rates


def _rates(engines: dict[str, Engine], count: int, size: int) -> dict[str, float]:
    kinds = min(count, OCCURRING)
    texts = alert_texts(kinds, size, SIZES[size], "measured")
    for text in [incident_kind(number)[1] for number in range(kinds)] * 2:
        for name, find in engines.items():
            if name != "loop":  # `re` has nothing to warm up
                find(f"This morning:\n{text}\nand more")
    spent, done = dict.fromkeys(engines, 0.0), dict.fromkeys(engines, 0)
    left = max(1, LOOP_BYTES // size // count)
    for number in range(CHUNKS):
        chunk = texts[number::CHUNKS]
        for name, find in engines.items():
            part = chunk if name != "loop" else chunk[: min(left, -(-left // (CHUNKS - number)))]
            left -= len(part) if name == "loop" else 0
            begun = time.thread_time()
            answers = [find(text) for text in part]
            spent[name] += time.thread_time() - begun
            done[name] += len(part)
            assert [_filled(a) for a in answers] == [_filled(engines["this"](text)) for text in part], name
    return {name: done[name] / spent[name] for name in engines}


def _filled(answer: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    return [(place, {name: value for name, value in groups.items() if value}) for place, groups in answer]


def _thread_ms(find: Engine, text: str) -> float:
    begun = time.thread_time()
    find(text)
    return (time.thread_time() - begun) * 1e3


def measure_shipped() -> dict[str, Any]:
    """The whole `Matcher.match` on the playbooks that ship, entities and all, on logs that hold their own examples."""
    import random

    from benchmarks.incident_kinds import log_text
    from bot.alerts.alert import Alert
    from bot.app.books import load_library

    library = load_library(None)
    examples = [each.match for playbook in library.playbooks for each in playbook.examples if each.match]
    source = random.Random("shipped")
    microseconds = {}
    for size in (200, 2_000, 40_000):
        alerts = []
        for number in range(400 if size < 40_000 else 60):
            hit = examples[number % len(examples)] if number % 2 else ""
            alerts.append(Alert(f"{hit}\n{log_text(source, max(0, size - len(hit)))}"))
        for alert in alerts[:100]:
            library.match(alert)
        begun = time.thread_time()
        for alert in alerts:
            library.match(alert)
        microseconds[str(size)] = (time.thread_time() - begun) / len(alerts) * 1e6
    patterns = library.matcher.patterns
    return {
        "playbooks": len(library.playbooks),
        "patterns": len(patterns.compiled),
        "unscreened": len(patterns.unscreened),
        "us": microseconds,
    }


def measure_loading(count: int = 1_000) -> dict[str, float]:
    """CPU seconds of the real `load_playbooks`: playbooks that differ in what they recognise, and in every word."""
    from benchmarks.many_playbooks import write_playbooks
    from bot.app.books import describe, find_integrations
    from bot.playbooks.load import load_playbooks

    catalogue = describe(find_integrations())
    seconds = {}
    for name, differ in (("same", False), ("differ", True)):
        with tempfile.TemporaryDirectory(prefix="runbook-bench-") as folder:
            write_playbooks(Path(folder), count, differ=differ)
            begun = time.thread_time()
            load_playbooks(Path(folder), catalogue)
            seconds[f"{name}_s"] = time.thread_time() - begun
    return {"count": count} | seconds


def report() -> str:
    """The section of RESULTS.md. Every number of patterns, the shipped playbooks and loading have a process each."""
    measured = [_apart(str(count)) for count in PATTERNS]
    shipped, loading = _apart("shipped"), _apart("loading")
    rows = [_row(cell, size) for cell in measured for size in SIZES]
    rivals = ["loop over re /s", "one text + RE2 /s", "Hyperscan + re /s"]
    head = ["patterns", "text", "this engine /s", *rivals, "vs loop", "vs one text", "vs Hyperscan"]
    builds = ", ".join(f"{cell['count']:,}: {cell['build_s']['this']:.2f} s" for cell in measured)
    hostile = ", ".join(f"{cell['count']:,}: {cell['hostile_ms']:.1f} ms" for cell in measured)
    seen = ", ".join(f"{name} {rate:,.0f}" for name, rate in measured[-1]["seen"].items())
    absent = "" if "hyperscan" in measured[0]["build_s"] else "\n\nHyperscan is not installed here and was left out."
    sizes = ", ".join(f"{int(size):,} B {value:.0f} µs" for size, value in shipped["us"].items())
    return (
        "## Matching\n\n" + table(head, rows) + absent + "\n\n"
        f"CPU seconds of one core ({platform.processor() or platform.machine()}, {os.cpu_count()} of them shared). "
        "Goals: 1,000 patterns and 2 kB half of Hyperscan and 100 times the loop; 10,000 and 2 kB 60,000 a second, "
        "which the plain form (one text + RE2) reached on another machine, with texts that it had seen.\n\n"
        f"Texts of 2 kB that every engine has seen, {measured[-1]['count']:,} patterns, a second: {seen}.\n\n"
        f"A hostile 40 kB text, stuffed with the beginnings of alerts: {hostile} (goal 60 ms). "
        f"Building the engine: {builds}.\n\n"
        f"`Matcher.match` whole, {shipped['playbooks']} shipped playbooks with {shipped['patterns']} patterns "
        f"({shipped['unscreened']} without fixed text), an alert: {sizes}.\n\n"
        f"Loading {loading['count']:,} generated playbooks, every check made: {loading['same_s']:.1f} s of CPU when "
        f"they differ in what they recognise, {loading['differ_s']:.1f} s when in every word (goal 2 s)."
    )


def _row(cell: dict[str, Any], size: int) -> list[str]:
    rates = cell["rates"][str(size)]
    shown = [f"{cell['count']:,}", f"{size:,} B", f"**{rates['this']:,.0f}**"]
    rivals = ("loop", "one text", "hyperscan")
    shown += [f"{rates[name]:,.0f}" if name in rates else "–" for name in rivals]
    ratios = [f"{rates['this'] / rates[name]:,.2f}" if name in rates else "–" for name in rivals]
    return [*shown, *ratios]


def _apart(what: str) -> Any:
    answer = subprocess.run([sys.executable, "-m", "benchmarks.matching", what], capture_output=True, check=True)
    return json.loads(answer.stdout)


def main(what: str) -> None:
    if what == "report":
        print(report())
    else:
        print(
            json.dumps({"shipped": measure_shipped, "loading": measure_loading}.get(what, lambda: measure(int(what)))())
        )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "report")
