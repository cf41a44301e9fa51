"""`runbook`, and `python -m bot`."""

import sys


def main() -> None:
    """Run the command line; what it says to do wrong ends with 2, what it found wrong with 1."""
    from bot.cli import app
    from bot.errors import RunbookError

    try:
        app()
    except RunbookError as error:
        sys.stderr.write(f"runbook: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
