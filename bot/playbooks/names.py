"""Stage 3: what one name in an alert says of others: a dbt test's name holds its rule, model and column. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping

_RULES = ("accepted_values", "relationships", "not_null", "unique")
_PACKAGE = r"(?:source_)?(?:dbt_utils_|dbt_expectations_|elementary_|dbt_constraints_)?"
_GENERIC = re.compile(
    _PACKAGE + r"(?P<rule>unique_combination(?:_of(?:_columns)?)?|expect_compound_columns_to_be_unique|"
    r"not_null_proportion_multiple_columns|not_null_proportion|"
    r"expect_column_values_to_be_unique|expect_column_values_to_not_be_null|not_accepted_values|"
    r"accepted_values(?!_(?:are_)?between_)|relationships_where|relationships|not_null_where|unique_where|not_null|unique)_(?P<rest>\w+)"
)
# Rules of packages, and those that teams call alike: of a column they tell the model too, of no kind of ours.
_OTHER = re.compile(
    _PACKAGE + r"(?:expect_column_(?:values_)?(?:\w+?_)?(?:between|in_set|in_type_list|of_type|regex|like_pattern|"
    r"equal_to_other_column|increasing|decreasing|equal|exist|stdevs)|accepted_range|not_constant|at_least_one|"
    r"not_empty_string|sequential_values|cardinality_equality|positive_values?|non_?negative(?:_values?)?|is_positive|"
    r"(?:accepted_|valid_)?(?:values?_)?(?:is_|are_|in_)?(?:between|range)|(?:is_|values?_)?(?:greater|less|higher|lower)_than"
    r"(?:_or_equal(?:_to)?)?|(?:min|max)_(?:values?|length)|valid_(?:values?|email|url|date|uuid|json))_"
    r"(?:and_|\d+_)*"  # bounds that teams write into a rule's name: between_0_5
    r"(?P<rest>\w+)"
)
_OF_TABLE = re.compile(
    _PACKAGE + r"(?:expect_table_(?:row|column)_count_to_(?:equal_other_table_times_factor|equal_other_table|equal|"
    r"be_between)|expect_table_columns_to_(?:match_ordered_list|match_set|contain_set|not_contain_set)|equal_rowcount|"
    r"fewer_rows_than|equality)_(?P<rest>\w+)"
)
# Rules of whole tables with arguments: what follows the model is no column.
_OF_ROWS = re.compile(
    _PACKAGE + r"(?:expression_is_true|recency|mutually_exclusive_ranges|expect_multicolumn_sum_to_equal|"
    r"expect_(?:grouped_)?row_values_to_have_recent_data(?:_for_.+?)?|expect_table_aggregation_to_equal_other_table|"
    r"expect_column_pair_values_(?:\w+?_b(?:_or_equal)?|to_be_(?:equal|in_set))|"
    r"(?:all_columns|column|volume|freshness|event_freshness|dimension|table)_anomalies|schema_changes(?:_from_baseline)?)_+"
    r"(?P<rest>\w+)"
)
# Rules on several columns: the name tells none of them apart.
_OF_MODEL = ("combination", "multiple_columns", "compound_columns")
_ARGUMENTS = re.compile(r"(?:_+\d+)+_*$|_{2,}(?:\d.*)?$")
_QUOTED = re.compile(r"(?P<model>[a-z0-9]\w*?)__(?P<column>[A-Z][A-Z0-9_]*?)_?")  # "LINK_ID" in a lower case model
_UPPER = re.compile(r"(?P<model>[a-z][a-z0-9_]*[a-z0-9])_(?P<column>[A-Z][A-Z0-9_]*[A-Z0-9])")
_SMALL = re.compile(r"([a-z][a-z0-9_]*[a-z0-9])_+[A-Z]")
_LAYERED = re.compile(r"((?:stg|fct|dim|int|base|src|mart|rpt|agg|obt|fact)_(?:[a-z0-9]+__)?[a-z0-9]+)_")
# A team's own rule of a whole model: dbt ends its name with `_`, and a layer tells where the model begins.
_OF_OWN = re.compile(r"[a-z]\w*?_(?P<model>(?:stg|int|fct|dim|mart|rpt|rep|agg|obt)_\w*[a-z0-9])_")
_OTHER_TABLE = re.compile(r"_(?:ref|source)_\w*$")
_REFERENCE = re.compile(r"__(?P<column>\w+?)__(?:ref|source)_\w*$")
_LOADED = r"_(?:fivetran|airbyte|sdc|dlt|id_?|row)"  # how a loader's own columns begin
# stg_shops__orders: dbt's own way of naming a model after its source. A loader's column may begin with `_` as well.
_SOURCED = re.compile(r"(?:stg|base|src)_[a-z0-9]+(?:_[a-z0-9]+)*?_(?!" + _LOADED + ")(?=_[a-z])")
_LAYER = re.compile(r"_(?:dim|fct|fact|agg|snapshot)_")
_FURTHER = (
    r"(?:_{1,2}(?:joined|filtered|deduped|deduplicated|unioned|pivoted|unpivoted|aggregated|enriched|cleaned|merged|daily|"
    r"hourly|weekly|monthly|snapshot|history|mapping|current|latest|v\d))*"  # words that follow a model's plural
)
_PLURAL = re.compile(
    rf"(?:^|_)(?!status|address|has|is|was|does|ss)[a-z0-9]{{3,}}(?<![sui])s{_FURTHER}(?=_(?:[^_]|{_LOADED}))"
)
# ads, ids: of three letters, and rather not the model's last word
_SHORT = re.compile(rf"(?:^|_)(?!has|was|gas|pos|sms|gps|its|ss)[a-z0-9]{{2}}(?<![sui])s{_FURTHER}(?=_[^_])")
# dim_customer_customer_key: the column begins with the model's last words
_AGAIN = re.compile(r"(?:^|_)((?:[a-z0-9]+_)*?[a-z0-9]{3,})_(?=\1_)")
# Names that the text holds besides; not folders, and of one word only files (models/orders.yml).
_WORDS = re.compile(r"(?<!\w)([A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+)(?![\w/])|/([a-z][a-z0-9]*)\.(?:ya?ml|sql)\b")
_TWO_WORDS = frozenset({"id", "key", "code", "type", "at", "on", "number"})  # they end a name: customer_id


def complete_names(entities: Mapping[str, str], text: str = "") -> dict[str, str]:
    """What follows from the names that an alert gave, for those that it did not give: a test's kind, model and column;
    a table's database and schema. A guess at a model is where its name, most often a plural, ends; a name that the
    text holds besides (of a file, of the model itself) is better than a guess."""
    found: dict[str, str] = {}
    test = entities.get("test_name", "")
    if test:
        found |= split_test_name(test, _WORDS.findall(text))
    parts = re.split(r"[.:]", entities.get("table", ""))
    if len(parts) == 3:
        found |= {"database": parts[0], "schema": parts[1]}
    return {name: value for name, value in found.items() if name not in entities or _is_of_airflow(name, entities)}


def complete_test_name(name: str, text: str) -> str:
    """The name in full where only a rule was read (accepted_range) and the text holds a test of it besides."""
    if "_" not in name or split_test_name(name).get("model"):
        return name
    found = re.search(rf"(?<![\w.])(?:[a-z]+_){{0,3}}{re.escape(name)}_\w*\w", text)
    return found[0] if found and split_test_name(found[0]).get("model") else name


def _is_of_airflow(name: str, entities: Mapping[str, str]) -> bool:
    """Whether the model read is the name of the DAG or the task (stg_checks), and the test is of another model."""
    model = entities.get("model")
    test = entities.get("test_name", "")
    return name == "model" and model in (entities.get("dag_id"), entities.get("task_id")) and f"{model}_" not in test


def split_test_name(name: str, words: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The kind of a dbt test (unique, not_null, accepted_values, relationships, freshness, custom), and for a generic
    one its model and column as far as the name tells them: dbt joins all with `_`, so a split is a guess."""
    written = name.rsplit(".", 1)[-1]
    own = written.lower()
    known = frozenset((many or one).lower() for many, one in words)
    found = _GENERIC.fullmatch(own)
    if not found:
        return {"test_kind": _kind(own)} | _split_other(written, known)
    rule = found["rule"]
    kind = next(each for each in _RULES if each.replace("not_null", "null") in rule.replace("not_be_null", "null"))
    if any(word in rule for word in _OF_MODEL):
        kind = "unique" if "unique" in rule else "not_null"
    parts = {} if own.startswith("source_") else _split_by_case(written[found.start("rest") :], rule)
    parts = parts or _split(found["rest"], rule, known)
    return {"test_kind": kind} | {part: value for part, value in parts.items() if value}


def _kind(own: str) -> str:
    """Of a test that is no generic one of dbt's own."""
    bare = next((rule for rule in _RULES if own in (rule, f"source_{rule}") or own.startswith(f"{rule}_")), "")
    return bare or ("freshness" if "freshness" in own or "recency" in own else "custom")


def _split_other(written: str, known: Collection[str]) -> dict[str, str]:
    own = written.lower()
    found = _OF_TABLE.fullmatch(own)
    if found:
        return {"model": _OTHER_TABLE.sub("", _ARGUMENTS.sub("", found["rest"]).split("__ref_")[0])}
    found = _OF_ROWS.fullmatch(own)
    if found:
        model = _before_arguments(written[found.start("rest") :], known)
        return {"model": model} if model else {}
    found = _OTHER.fullmatch(own)
    if not found and (whole := _OF_OWN.fullmatch(own)):
        return whole.groupdict()
    return {part: value for part, value in _split(found["rest"], "values", known).items() if value} if found else {}


def _split_by_case(rest: str, rule: str) -> dict[str, str]:
    """Where a column in capitals follows a model in small letters, nothing is guessed; {} when it does not."""
    if any(word in rule for word in _OF_MODEL):
        found = _SMALL.match(rest)
        return {"model": found[1]} if found else {}
    if rule.endswith("values"):
        return {}
    found = _QUOTED.fullmatch(rest) or _UPPER.fullmatch(rest)
    return {part: value.lower() for part, value in found.groupdict().items()} if found else {}


def _split(rest: str, rule: str, known: Collection[str]) -> dict[str, str]:
    reference = _REFERENCE.search(rest)
    if reference:
        rest = rest[: reference.start()]
    elif rule.endswith("values"):
        rest = _before_values(rest, known)
    rest = _ARGUMENTS.sub("", rest)
    at = _end_of_model(rest, known)
    if any(word in rule for word in _OF_MODEL):
        return {"model": rest[:at] if at else _before_columns(rest)}
    if reference and not at and "_" in reference["column"] and rest.endswith(f"_{reference['column']}"):
        at = len(rest) - len(reference["column"]) - 1
    at = at or _before_column(rest)
    return {"model": rest[:at], "column": rest[at + 1 :]} if at else {}


def _before_columns(rest: str) -> str:
    """What stands in front of the first of several columns, when that ends like one (customer_id); all else."""
    parts = rest.split("__")
    heads = ["__".join(parts[:count]) for count in range(1, len(parts))]
    head = next((head for head in heads if head.rsplit("_", 1)[-1] in _TWO_WORDS), "")
    return head[: _before_column(head)] if head else rest


def _before_arguments(rest: str, known: Collection[str]) -> str:
    """The model in front of an expression or of columns: up to its plural, to capitals, or to its second word."""
    at = _end_of_model(rest.lower(), known)
    found = _SMALL.match(rest) or _LAYERED.match(rest)
    return rest[:at].lower() if at else found[1] if found else ""


def _before_values(rest: str, known: Collection[str]) -> str:
    """Up to the `__` in front of the values; a model may hold one itself, before its plural."""
    parts = rest.split("__")
    heads = ["__".join(parts[:count]) for count in range(1, len(parts) + bool(_SOURCED.match(rest)))]
    return next((head for head in heads if _end_of_model(head, known)), parts[0])


def _end_of_model(rest: str, known: Collection[str]) -> int:
    """Where a model ends that the text names besides; or a plural (stg_orders) or a layer's suffix (shop_dim) does."""
    named = (len(word) for word in known if rest.startswith(f"{word}_") and not rest.startswith(f"{word}__"))
    return max(_guess_end(rest), *named, 0)


def _guess_end(rest: str) -> int:
    again = _AGAIN.search(rest)
    if again:
        return again.end() - 1
    sourced = _SOURCED.match(rest)
    plural = (_PLURAL.search(rest, sourced.end()) if sourced else None) or _PLURAL.search(rest) or _SHORT.search(rest)
    if plural:
        return plural.end()
    layer = _LAYER.search(rest)
    return layer.end() - 1 if layer else 0


def _before_column(rest: str) -> int:
    """Where the last word begins, or the last two (customer_id); 0 when there is only one."""
    words = rest.split("_")
    two = words[-1] in _TWO_WORDS or words[-2:-1] in (["is"], ["has"], ["was"], ["does"])
    width = 2 if two and len(words) > 3 else 1
    return len("_".join(words[:-width]))
