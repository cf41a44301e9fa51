"""Generated incident kinds: their patterns, the alert that each recognises, and logs that speak of everything else.

Patterns are like those of the shipped playbooks: named groups, bounded gaps, word boundaries, alternatives; RE2 runs
them case-insensitive. Noise is made of the same words as the patterns; 1 hit in every second text.
"""

import random

SYSTEMS = ("airflow", "postgres", "snowflake", "dbt", "stripe", "kafka", "redis", "spark", "looker", "fivetran")
NOUNS = ("orders", "customers", "payments", "sessions", "invoices", "refunds", "products", "events", "ledger", "carts")
PACE = ("daily", "hourly", "weekly", "nightly", "monthly")
ERRORS = (
    *("connection refused", "statement timeout", "permission denied", "rate limit exceeded", "schema mismatch"),
    *("duplicate key", "out of memory", "deadlock detected", "quota exceeded", "column does not exist"),
)
FILLER = (
    *("task", "model", "failed", "warehouse", "INFO", "ERROR", "-", "line", "in", "the", "of", "at", "File", "table"),
    *(
        "[2026-11-20,",
        "06:00:01]",
        "column",
        "is",
        "run",
        "took",
        "/opt/airflow/dags/x.py",
        "retry",
        "with",
        "42",
        "1077",
    ),
)
# (pattern, the text that it recognises)
KNOWN = (
    (
        r"COPY INTO (?P<table>[\w.]+)[\s\S]{0,400}?column .?(?P<column>\w+).? (?:is missing|does not exist)",
        "COPY INTO RAW.ORDERS failed: column 'tax' does not exist",
    ),
    (r"warehouse .?(?P<warehouse>\w+).? (?:is|was) suspended", "Warehouse 'ETL_WH' is suspended"),
    (r"resource monitor (?P<monitor>\w+) has exceeded", "Resource monitor RM_1 has exceeded its quota"),
    (r"canceling statement due to (?:statement timeout|lock timeout)", "canceling statement due to lock timeout"),
    (r"too many connections for role .(?P<role>\w+).", 'FATAL: too many connections for role "etl"'),
    (r"stripe[^\n]{0,80}(?:429|too many requests)", "stripe.error.RateLimitError: 429"),
    (r"freshness anomaly on (?P<table>[\w.]+)", "Freshness anomaly on raw.orders"),
    (
        r"task instance (?P<task>\w+)[^\n]{0,40}failed after (?P<tries>\d+) tries",
        "Task instance extract failed after 3 tries",
    ),
    (r"insufficient privileges to operate on (?P<kind>\w+)", "Insufficient privileges to operate on table 'X'"),
    (
        r"scheduler (?:heartbeat|has not) [^\n]{0,60}(?:missing|responded)",
        "The scheduler heartbeat of host 7 is missing",
    ),
)
MADE = (
    (r"{s}_{p}_{n}{i}\b[^\n]{{0,80}}{e}", "{s}_{p}_{n}{i} stopped with {e}"),
    (r"task (?P<task>\w+) of {p}_{n}{i} failed: {e}", "task load_it of {p}_{n}{i} failed: {e}"),
    (r"{e}[^\n]{{0,60}}\b{s}\.{n}{i}\b", "{e} at once in {s}.{n}{i} today"),
    (r"(?P<host>[\w.]+)-{s}{i}: {e} on (?P<table>\w+)", "db7.eu-{s}{i}: {e} on staging_x"),
    (r"model {n}{i}_{p} \((?P<file>[\w/.]+)\): {e}", "model {n}{i}_{p} (models/marts/x.sql): {e}"),
)


def incident_kind(number: int) -> tuple[str, str]:
    """Pattern and alert of this kind; the same for the same number."""
    if number < len(KNOWN):
        return KNOWN[number]
    source = random.Random(number)
    words = {"s": source.choice(SYSTEMS), "p": source.choice(PACE), "n": source.choice(NOUNS)}
    words |= {"e": source.choice(ERRORS), "i": str(number)}
    pattern, text = MADE[number % len(MADE)]
    return pattern.format(**words), text.format(**words)


def log_text(source: random.Random, size: int) -> str:
    """Lines of a log in the patterns' own words, `size` characters."""
    words: list[str] = []
    length = 0
    while length < size:
        kind = source.choices(("filler", "system", "noun", "pace", "numbered", "error"), (66, 12, 10, 5, 4, 3))[0]
        word = {
            "filler": source.choice(FILLER),
            "system": source.choice(SYSTEMS),
            "noun": source.choice(NOUNS),
            "pace": source.choice(PACE),
            "numbered": f"{source.choice(NOUNS)}{source.randrange(20_000)}",
            "error": source.choice(ERRORS),
        }[kind]
        words.append(word + ("\n" if source.random() < 0.08 else " "))
        length += len(words[-1])
    return "".join(words)[:size]


def alert_texts(kinds: int, size: int, count: int, seed: str) -> list[str]:
    """Different texts; every second one holds the alert of one of the first `kinds` kinds, on a line of its own."""
    source = random.Random(f"{seed}-{kinds}-{size}")
    return [_alert(source, kinds, size) if number % 2 else log_text(source, size) for number in range(count)]


def _alert(source: random.Random, kinds: int, size: int) -> str:
    hit = f"\n{incident_kind(source.randrange(kinds))[1]}\n"
    noise = log_text(source, max(0, size - len(hit)))
    at = source.randrange(len(noise) + 1)
    return noise[:at] + hit + noise[at:]


def hostile_text(kinds: int, size: int) -> str:
    """One line stuffed with beginnings: whatever a pattern is first recognised by, and never the rest of it."""
    source = random.Random("hostile")
    pieces = [incident_kind(number)[1] for number in range(min(kinds, 4 * size // 10))]
    source.shuffle(pieces)
    return " ".join(" ".join(piece.split()[:-1]) for piece in pieces)[:size]
