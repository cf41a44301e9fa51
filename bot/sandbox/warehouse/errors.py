"""What the warehouse refuses, with Snowflake's code, SQL state and words, and where each was found.

Sources: *documented* (vendor pages), *reported* (public issue threads quote it), *from memory* (nothing confirms it).
"""


class Refusal(Exception):
    """A statement or login that is not carried out; `code` is six digits, `sqlstate` five characters.

    `logged` is what LOGIN_HISTORY says of a refused login: a number and a name, more exact than what the client reads.
    """

    def __init__(self, code: str, sqlstate: str, message: str, logged: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.sqlstate = sqlstate
        self.message = message
        number, _, name = (logged or f"{code} {message}").partition(" ")
        self.logged = int(number), name


def over_quota(warehouse: str, monitor: str) -> Refusal:
    """Text reported (three threads), code 090073 from memory."""
    return Refusal(
        "090073",
        "22000",
        f"Warehouse '{warehouse}' cannot be resumed because resource monitor '{monitor}' has exceeded its quota.",
    )


def warehouse_suspended(warehouse: str) -> Refusal:
    """Text reported, code 090064 from memory."""
    return Refusal(
        "090064",
        "22000",
        f"Warehouse '{warehouse}' is suspended. Use 'alter warehouse {warehouse} resume;' command "
        "if you need to use it again.",
    )


def already_started(warehouse: str) -> Refusal:
    """Reported: what RESUME says of a running warehouse when IF SUSPENDED is not given."""
    return Refusal("090063", "22000", f"Invalid state. Warehouse '{warehouse}' cannot be resumed.")


def already_suspended(warehouse: str) -> Refusal:
    """Reported: what SUSPEND says of a warehouse that is suspended."""
    return Refusal("090064", "22000", f"Invalid state. Warehouse '{warehouse}' cannot be suspended.")


def no_warehouse() -> Refusal:
    """Reported: compute is needed and the session names no warehouse it may use."""
    return Refusal(
        "000606",
        "57P03",
        "No active warehouse selected in the current session.  "
        "Select an active warehouse with the 'use warehouse' command.",
    )


def no_database(verb: str) -> Refusal:
    """Reported: a name without a database in a session without one."""
    return Refusal(
        "090105",
        "22000",
        f"Cannot perform {verb}. This session does not have a current database. "
        "Call 'USE DATABASE', or use a qualified name.",
    )


def no_schema(verb: str) -> Refusal:
    """Reported: a name without a schema in a session without one."""
    return Refusal(
        "090106",
        "22000",
        f"Cannot perform {verb}. This session does not have a current schema. "
        "Call 'USE SCHEMA', or use a qualified name.",
    )


def not_found(kind: str, name: str) -> Refusal:
    """Reported: the object does not exist, or the role may not know that it does."""
    state = "42S02" if kind == "Object" else "02000"
    return Refusal("002003", state, f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")


def object_unusable() -> Refusal:
    """Reported: USE, ALTER and DROP of something that does not exist or may not be known."""
    return Refusal(
        "002043",
        "02000",
        "SQL compilation error:\nObject does not exist, or operation cannot be performed.",
    )


def already_exists(name: str) -> Refusal:
    """Reported."""
    return Refusal("002002", "42710", f"SQL compilation error:\nObject '{name}' already exists.")


def insufficient(kind: str, name: str) -> Refusal:
    """Reported (dbt and Terraform threads)."""
    return Refusal(
        "003001",
        "42501",
        f"SQL access control error:\nInsufficient privileges to operate on {kind.lower()} '{name}'",
    )


def role_not_assigned(role: str) -> Refusal:
    """Text reported, code 003013 from memory: USE ROLE of a role the user was not granted."""
    return Refusal(
        "003013",
        "42501",
        f"SQL access control error:\nRequested role '{role}' is not assigned to the executing user. "
        "Specify another role to activate.",
    )


def role_refused_at_login(role: str) -> Refusal:
    """Code reported (Go driver's constant), text from memory."""
    return Refusal(
        "390189",
        "08001",
        f"Role '{role}' specified in the connect string does not exist or not authorized. Contact your "
        "local system administrator, or attempt to login with another role, e.g. PUBLIC.",
        "390189 ROLE_NOT_EXISTS_OR_NOT_AUTHORIZED",
    )


def bad_jwt(why: str, logged: str = "390144 JWT_TOKEN_INVALID") -> Refusal:
    """Reported; Snowflake gives a reference number in brackets, the stand-in gives the reason.

    `logged` is one of the documented JWT token errors (key-pair troubleshooting, SYSTEM$GET_LOGIN_FAILURE_DETAILS).
    """
    return Refusal("390144", "08001", f"JWT token is invalid. [{why}]", logged)


def bad_password() -> Refusal:
    """Reported; the stand-in knows no passwords, so every password is wrong."""
    words = "Incorrect username or password was specified."
    return Refusal("390100", "08001", words, "390100 INCORRECT_USERNAME_PASSWORD")


def user_disabled() -> Refusal:
    """Code and text reported; its name in LOGIN_HISTORY from memory."""
    words = "User access disabled. Contact your local system administrator."
    return Refusal("390101", "08001", words, "390101 USER_ACCESS_DISABLED")


def user_locked(minutes: int) -> Refusal:
    """Text and name reported; the code from another driver's table."""
    return Refusal(
        "390102",
        "08001",
        "Your user account has been temporarily locked due to too many failed attempts. "
        f"Try again after {minutes} minutes or contact your account administrator for assistance.",
        "390102 USER_LOCKED_TEMP",
    )


def address_refused(address: str) -> Refusal:
    """Code and text reported; its name in LOGIN_HISTORY from memory."""
    words = f"Incoming request with IP/Token {address} is not allowed to access Snowflake."
    return Refusal("390422", "08001", words, "390422 INCOMING_REQUEST_BLOCKED")


def session_gone() -> Refusal:
    """Reported (driver constants): the session token is unknown, logged out or of an earlier start."""
    return Refusal("390104", "08001", "User must login again to access the service.")


def session_expired() -> Refusal:
    """Reported (driver constants): the client renews its token and asks again."""
    return Refusal("390112", "08001", "Your session has expired. Please login again.")


def token_missing() -> Refusal:
    """Reported (driver constants)."""
    return Refusal("390103", "08001", "Session token not found in the request data.")


def cancelled() -> Refusal:
    """Documented code and state; text reported."""
    return Refusal("000604", "57014", "SQL execution canceled")


def timed_out(seconds: int) -> Refusal:
    """Reported."""
    return Refusal(
        "000630",
        "57014",
        f"Statement reached its statement or warehouse timeout of {seconds:,} second(s) and was canceled.",
    )


def statement_count(actual: int, wanted: int) -> Refusal:
    """Reported; the client asked for one statement (the default) and sent another number."""
    return Refusal(
        "000008",
        "0A000",
        f"Actual statement count {actual} did not match the desired statement count {wanted}.",
    )


def empty_statement() -> Refusal:
    """Reported."""
    return Refusal("000900", "42601", "SQL compilation error:\nEmpty SQL Statement.")


def syntax_error(what: str) -> Refusal:
    """Code and state reported; the words after the first line are the parser's, not Snowflake's."""
    return Refusal("001003", "42000", f"SQL compilation error:\n{what}")


def unsupported(what: str) -> Refusal:
    """Code reported; the stand-in says it of what it does not know instead of pretending."""
    return Refusal("000002", "0A000", f"Unsupported feature '{what}'.")


def invalid_value(value: str, parameter: str) -> Refusal:
    """Reported."""
    return Refusal(
        "001008",
        "22023",
        f"SQL compilation error:\ninvalid value '{value}' for parameter '{parameter}'",
    )


def internal_error(reference: str) -> Refusal:
    """Reported; `reference` finds the traceback in the stand-in's log."""
    return Refusal(
        "000603",
        "XX000",
        f"SQL execution internal error:\nProcessing aborted by error 300002:{reference}; incident {reference}.",
    )


def statement_unknown(query_id: str) -> Refusal:
    """Reported: RESULT_SCAN or the result of a statement that is unknown or whose result is gone."""
    return Refusal("000709", "02000", f"Statement {query_id} not found")


def column_count(file_columns: int, table_columns: int, where: str) -> Refusal:
    """Reported (first three lines and the advice); `where` is lines two and three."""
    return Refusal(
        "100080",
        "22000",
        f"Number of columns in file ({file_columns}) does not match that of the corresponding table "
        f"({table_columns}), use file format option error_on_column_count_mismatch=false to ignore this error\n"
        f"{where}\n"
        "  If you would like to continue loading when an error is encountered, use other values such as "
        "'SKIP_FILE' or 'CONTINUE' for the ON_ERROR option. For more information on loading options, please "
        "run 'info loading_data' in a SQL client.",
    )
