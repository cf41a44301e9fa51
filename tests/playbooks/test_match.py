"""An alert meets every signature, and the most specific playbook answers."""

import random
from collections.abc import Callable

import pytest

from bot.alerts.alert import Alert, Link
from bot.playbooks.match import Matcher
from bot.playbooks.model import Level, Playbook, Signature
from bot.playbooks.shared import CommonEntity, Shared
from bot.playbooks.signatures import compile_pattern, encode

Variant = Callable[..., Playbook]


@pytest.fixture
def variant(playbook: Playbook) -> Variant:
    """Builds playbooks that differ in id and signature."""

    def build(id: str, *any: str, none: tuple[str, ...] = (), level: Level = Level.CAUSE) -> Playbook:
        return playbook.model_copy(update={"id": id, "match": Signature(any=any, none=none, level=level)})

    return build


def test_an_alert_gets_its_playbook_and_typed_entities(playbook: Playbook) -> None:
    """The named group of the pattern is normalised, and the explanation names text and pattern."""
    match = Matcher([playbook]).match(Alert("Oh no: Warehouse 'etl_wh' is suspended\nagain"))
    assert match is not None
    assert match.playbook is playbook
    assert match.entities == {"warehouse": "ETL_WH"}
    assert "“Warehouse 'etl_wh' is suspended” matches" in match.explanation


def test_an_alert_that_nobody_knows_gets_no_playbook(playbook: Playbook) -> None:
    """No pattern, no answer; an empty text too."""
    assert Matcher([playbook]).match(Alert("the warehouse is big")) is None
    assert Matcher([playbook]).match(Alert("")) is None


def test_none_takes_the_match_back(variant: Variant) -> None:
    """A playbook's own `none` silences it, and lets another answer."""
    matcher = Matcher([variant("one", "suspended", none=("trial",)), variant("two", "susp")])
    assert matcher.matching(Alert("suspended")) == ("one", "two")
    assert matcher.matching(Alert("trial suspended")) == ("two",)


def test_the_shared_none_silences_every_playbook(variant: Variant) -> None:
    """A recovery is no incident, whatever its text quotes."""
    matcher = Matcher([variant("one", "suspended")], Shared(none=(r"\A\[resolved\]",)))
    assert matcher.match(Alert("[Resolved] suspended")) is None
    assert matcher.matching(Alert("[Resolved] suspended")) == ()
    assert matcher.match(Alert("suspended")) is not None


@pytest.mark.parametrize("order", [1, -1])
def test_specific_beats_generic_whatever_the_order_of_files(variant: Variant, order: int) -> None:
    """A cause beats a symptom, which beats a wrapper; within a level the longer fixed text wins."""
    playbooks = [
        variant("wrapper", "task failed with an error", level=Level.WRAPPER),
        variant("symptom", "data is stale and old", level=Level.SYMPTOM),
        variant("cause", "quota"),
        variant("closer", "quota exceeded"),
    ][::order]
    matcher = Matcher(playbooks)
    text = "task failed with an error: data is stale and old: quota exceeded"
    assert matcher.matching(Alert(text)) == ("closer", "cause", "symptom", "wrapper")
    match = matcher.match(Alert(text))
    assert match is not None
    assert match.playbook.id == "closer"


def test_a_branch_that_was_not_found_lends_no_weight(variant: Variant) -> None:
    """A long alternative makes a short one that was found no more specific; among those found the longest counts."""
    long = variant("long", "quota|the resource monitor has suspended every warehouse|quota exceeded by far")
    exact = variant("exact", "(?:its|the) quota exceeded")
    matcher = Matcher([long, exact])
    assert matcher.matching(Alert("the quota exceeded")) == ("exact", "long")
    assert matcher.matching(Alert("the quota exceeded by far")) == ("long", "exact")
    winner = matcher.explain(Alert("the quota exceeded by far")).ranking[0]
    assert (winner.pattern, winner.fixed) == ("quota exceeded by far", 21)


def test_a_tie_is_broken_by_the_id(variant: Variant) -> None:
    """Two equal signatures give the same answer on every start."""
    assert Matcher([variant("b", "quota"), variant("a", "quota")]).matching(Alert("quota")) == ("a", "b")


def test_only_forty_thousand_characters_are_read(playbook: Playbook) -> None:
    """What stands behind Slack's limit is not looked at."""
    assert Matcher([playbook]).match(Alert("x" * 40_000 + " warehouse a is suspended")) is None


def entities_of(playbook: Playbook, alert: Alert, shared: Shared | None = None) -> dict[str, str]:
    """What the matcher reads from an alert for a playbook with all of Airflow's entities."""
    rules = {name: {"type": name} for name in ("dag_id", "task_id", "run_id", "try_number")}
    data = playbook.model_dump(by_alias=True) | {
        "entities": rules,
        "match": {"any": [r"failed(?: in (?P<dag_id>\S+))?"]},
    }
    match = Matcher([Playbook.model_validate(data)], shared).match(alert)
    assert match is not None
    return dict(match.entities)


SHARED = Shared(entities={"dag_id": CommonEntity(type="dag_id", fields=("dag",), text=(r"dag: (?P<dag_id>\S+)",))})


@pytest.mark.parametrize(
    ("alert", "dag"),
    [
        (Alert("failed in own", metadata={"dag_id": "meta"}), "own"),
        (Alert("failed", metadata={"dag_id": "meta"}, links=(Link("", "https://a/dags/link/grid"),)), "meta"),
        (Alert("failed https://a/dags/link/grid", fields={"dag": "field"}), "link"),
        (Alert("failed dag: text", fields={"dag": "field"}), "field"),
        (Alert("failed dag: text"), "text"),
        (Alert("failed in bad;name dag: text"), "text"),
    ],
)
def test_entities_come_from_the_most_trusted_place_that_gives_a_valid_one(
    playbook: Playbook, alert: Alert, dag: str
) -> None:
    """Own pattern, metadata, Airflow link, labelled field, shared pattern; an invalid value lets the next speak."""
    assert entities_of(playbook, alert, SHARED)["dag_id"] == dag


def test_a_log_link_gives_task_run_and_try(playbook: Playbook) -> None:
    """The link of an Airflow callback is enough to know the task instance."""
    link = Link("Log", "https://a/dags/daily/runs/manual__1/tasks/extract?try_number=1")
    found = entities_of(playbook, Alert("failed", links=(link,)))
    assert found == {"dag_id": "daily", "task_id": "extract", "run_id": "manual__1", "try_number": "1"}


def test_what_shared_yml_knows_is_found_for_every_playbook(playbook: Playbook) -> None:
    """A playbook that declares no DAG still tells which one failed; its own entities keep their own type."""
    shared = Shared(entities=SHARED.entities | {"warehouse": CommonEntity(type="text", fields=("wh",))})
    alert = Alert("warehouse 'etl_wh' is suspended dag: daily", fields={"wh": "some words"})
    match = Matcher([playbook], shared).match(alert)
    assert match is not None
    assert match.entities == {"warehouse": "ETL_WH", "dag_id": "daily"}


def test_metadata_is_data_too(playbook: Playbook) -> None:
    """Names that the playbook does not declare, and values that are no text or number, are left out."""
    metadata = {"dag_id": ["x"], "task_id": "a b", "try_number": 2, "other": "x"}
    assert entities_of(playbook, Alert("failed", metadata=metadata)) == {"try_number": "2"}


WORDS = ("quota", "quota exceeded", "monitor", "timeout", "snowflake", "postgres", "trial", "resolved", "warehouse etl")
EITHER = ("quota|timeout of the warehouse", "trial|monitor exceeded|postgres", "fine|quota exceeded")
SYSTEMS = {"snowflake": ("snowflake", r"\.sf\b"), "postgres": ("postgres",)}


def answered_by_a_loop(playbooks: list[Playbook], shared: Shared, text: str) -> tuple[str, ...]:
    """The rule as it is written, pattern by pattern: what the engine must equal."""
    encoded = encode(text)

    def found(sources: tuple[str, ...]) -> list[str]:
        return [source for source in sources if compile_pattern(source).search(encoded)]

    def named(systems: tuple[str, ...]) -> bool:
        return any(found(shared.systems[name]) for name in systems)

    ranks = []
    for each in playbooks:
        signature, hits = each.match, found(each.match.any)
        right_system = named(signature.about) if signature.about else True
        if hits and right_system and not named(signature.not_from) and not found(signature.none):
            level = list(Level).index(signature.level)
            branches = found(tuple(branch for hit in hits for branch in hit.split("|")))
            ranks.append((level, -max(compile_pattern(branch).fixed for branch in branches), -len(hits), each.id))
    return () if found(shared.none) else tuple(id for *_, id in sorted(ranks))


@pytest.mark.parametrize("seed", range(20))
def test_the_engine_answers_as_a_loop_over_every_signature(playbook: Playbook, seed: int) -> None:
    """Random signatures on random texts: the same playbooks, in the same order."""
    source = random.Random(seed)  # noqa: S311 # the same signatures on every run
    shared = Shared(none=("resolved",), systems=SYSTEMS)
    playbooks = [
        playbook.model_copy(
            update={
                "id": f"p{number}",
                "match": Signature(
                    any=tuple(source.sample((*WORDS, *EITHER), source.randint(1, 3))),
                    none=tuple(source.sample(WORDS, source.randint(0, 1))),
                    about=tuple(source.sample(list(SYSTEMS), source.choice((0, 0, 1, 2)))),
                    not_from=tuple(source.sample(list(SYSTEMS), source.choice((0, 0, 1)))),
                    level=source.choice(list(Level)),
                ),
            }
        )
        for number in range(12)
    ]
    matcher = Matcher(playbooks, shared)
    for _ in range(60):
        text = " ".join(source.choices([*WORDS, "at x.sf", "\n", "fine"], k=source.randint(0, 6)))
        assert matcher.matching(Alert(text)) == answered_by_a_loop(playbooks, shared, text), text
