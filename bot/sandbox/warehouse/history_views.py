"""INFORMATION_SCHEMA's history functions and ACCOUNT_USAGE's views, put in place as ordinary sub-queries."""

from sqlglot import exp

from bot.sandbox.warehouse import errors, history, logins, metering, user_view
from bot.sandbox.warehouse.account import Account
from bot.sandbox.warehouse.names import stored
from bot.sandbox.warehouse.sessions import Session

_DEFAULT_LIMIT, _MAX_LIMIT = 100, 10_000  # documented for RESULT_LIMIT
_HISTORY = ("QUERY_HISTORY", "QUERY_HISTORY_BY_WAREHOUSE", "QUERY_HISTORY_BY_USER", "QUERY_HISTORY_BY_SESSION")
# Documented values: the functions say failed_with_error where ACCOUNT_USAGE says fail.
_STATUS = "CASE EXECUTION_STATUS WHEN 'FAIL' THEN 'FAILED_WITH_ERROR' ELSE EXECUTION_STATUS END"


def replace_account_views(tree: exp.Expr, session: Session, account: Account) -> bool:
    """Replace every history function and account view in the tree; True when there was one."""
    changed = False
    for node in list(tree.find_all(exp.TableFromRows)):
        function = node.find(exp.Anonymous)
        if function is None or not isinstance(node.this, exp.Dot):
            continue
        query = _function(function, session, account)
        node.replace(_subquery(query, node.args.get("alias"), function.name))
        changed = True
    for table in list(tree.find_all(exp.Table)):
        if stored(table.args.get("db")) == "ACCOUNT_USAGE" and stored(table.args.get("catalog")) == "SNOWFLAKE":
            table.replace(_subquery(_view(stored(table.this), account), table.args.get("alias"), table.name))
            changed = True
    return changed


def _subquery(query: exp.Select, alias: exp.Expr | None, name: str) -> exp.Subquery:
    sub = query.subquery(copy=False)
    sub.set("alias", alias.copy() if alias else exp.TableAlias(this=exp.to_identifier(name.upper())))
    return sub


def _view(name: str, account: Account) -> exp.Select:
    if name == "LOGIN_HISTORY":
        return exp.select("*").from_(logins.TABLE)
    if name == "USERS":
        return exp.select("*").from_(user_view.written(account))
    if name == "QUERY_HISTORY":
        return exp.select("*").from_(history.TABLE).where("EXECUTION_STATUS <> 'RUNNING'")
    if name == "WAREHOUSE_METERING_HISTORY":
        return exp.select("*").from_(metering.TABLE)
    raise errors.not_found("Object", f"SNOWFLAKE.ACCOUNT_USAGE.{name}")


def _function(function: exp.Anonymous, session: Session, account: Account) -> exp.Select:
    name = function.name.upper()
    given = {k.this.name.upper(): k.expression for k in function.expressions if isinstance(k, exp.Kwarg)}
    if name in _HISTORY:
        return _history(name, given, session, account)
    if name == "WAREHOUSE_METERING_HISTORY":
        return _metering(function, given, session, account)
    if name in ("LOGIN_HISTORY", "LOGIN_HISTORY_BY_USER"):
        return _logins(name, given, session, account)
    raise errors.syntax_error(f"Unknown user-defined table function INFORMATION_SCHEMA.{name}")


def _history(name: str, given: dict[str, exp.Expr], session: Session, account: Account) -> exp.Select:
    named = [column for column in history.COLUMNS if column not in history.VIEW_ONLY]
    columns = [c if c != "EXECUTION_STATUS" else f"{_STATUS} AS EXECUTION_STATUS" for c in named]
    query = exp.select(*columns).from_(history.TABLE)
    scope: dict[str, tuple[str, str, exp.Expr]] = {
        "QUERY_HISTORY_BY_WAREHOUSE": ("WAREHOUSE_NAME", "WAREHOUSE_NAME", _text(session.warehouse or "")),
        "QUERY_HISTORY_BY_USER": ("USER_NAME", "USER_NAME", _text(session.user)),
        "QUERY_HISTORY_BY_SESSION": ("SESSION_ID", "SESSION_ID", exp.Literal.number(session.id)),
    }
    if name in scope:
        argument, column, default = scope[name]
        query = query.where(exp.EQ(this=exp.column(column), expression=given.get(argument, default)))
    if "END_TIME_RANGE_START" in given:
        ended = "coalesce(END_TIME, CURRENT_TIMESTAMP())"
        query = query.where(exp.GTE(this=exp.maybe_parse(ended), expression=given["END_TIME_RANGE_START"]))
    if "END_TIME_RANGE_END" in given:
        query = query.where(exp.LTE(this=exp.column("START_TIME"), expression=given["END_TIME_RANGE_END"]))
    query = query.where(_visible(session, account)).order_by("START_TIME DESC")
    return query.limit(_limit(given.get("RESULT_LIMIT")))


def _metering(function: exp.Anonymous, given: dict[str, exp.Expr], session: Session, account: Account) -> exp.Select:
    if session.enforce and not account.grants.holds(session.role, ("MONITOR USAGE",), "ACCOUNT", "SANDBOX"):
        raise errors.not_found("Object", "INFORMATION_SCHEMA.WAREHOUSE_METERING_HISTORY")
    positional = [e for e in function.expressions if not isinstance(e, exp.Kwarg)]
    order = ("DATE_RANGE_START", "DATE_RANGE_END", "WAREHOUSE_NAME")
    given = dict(zip(order, positional, strict=False)) | given
    query = exp.select("*").from_(metering.TABLE)
    if start := given.get("DATE_RANGE_START"):
        query = query.where(exp.GTE(this=exp.column("START_TIME"), expression=start))
    if end := given.get("DATE_RANGE_END"):
        query = query.where(exp.LTE(this=exp.column("START_TIME"), expression=end))
    if warehouse := given.get("WAREHOUSE_NAME"):
        query = query.where(exp.EQ(this=exp.column("WAREHOUSE_NAME"), expression=warehouse))
    return query


def _logins(name: str, given: dict[str, exp.Expr], session: Session, account: Account) -> exp.Select:
    """Documented: one's own events, and those of users that the role may MONITOR (or owns)."""
    query = exp.select("*").from_(logins.TABLE)
    if name == "LOGIN_HISTORY_BY_USER":
        wanted = given.get("USER_NAME", _text(session.user))
        query = query.where(exp.EQ(this=exp.column("USER_NAME"), expression=wanted))
    if "TIME_RANGE_START" in given:
        query = query.where(exp.GTE(this=exp.column("EVENT_TIMESTAMP"), expression=given["TIME_RANGE_START"]))
    if "TIME_RANGE_END" in given:
        query = query.where(exp.LTE(this=exp.column("EVENT_TIMESTAMP"), expression=given["TIME_RANGE_END"]))
    if session.enforce:
        holds = account.grants.holds
        seen = [user for user in account.users if holds(session.role, ("MONITOR",), "USER", user)]
        names = [_text(user) for user in {session.user, *seen}]
        query = query.where(exp.In(this=exp.column("USER_NAME"), expressions=names))
    return query.order_by("EVENT_TIMESTAMP DESC").limit(_limit(given.get("RESULT_LIMIT")))


def _visible(session: Session, account: Account) -> exp.Expr:
    """Documented: own queries, and those on warehouses whose MONITOR (or OPERATE) privilege the role holds."""
    if not session.enforce:
        return exp.true()
    names = [
        name
        for name in account.compute.warehouses
        if account.grants.holds(session.role, ("MONITOR", "OPERATE"), "WAREHOUSE", name)
    ]
    mine = exp.EQ(this=exp.column("USER_NAME"), expression=_text(session.user))
    if not names:
        return mine
    seen = exp.In(this=exp.column("WAREHOUSE_NAME"), expressions=[_text(name) for name in names])
    return exp.or_(mine, seen)


def _limit(given: exp.Expr | None) -> int:
    if given is None:
        return _DEFAULT_LIMIT
    if not isinstance(given, exp.Literal) or not given.name.isdigit() or not 1 <= int(given.name) <= _MAX_LIMIT:
        raise errors.invalid_value(given.sql(dialect="snowflake"), "RESULT_LIMIT")
    return int(given.name)


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)
