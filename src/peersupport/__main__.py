"""The door of the command line, which says what to install when its libraries are not there."""

from __future__ import annotations

import importlib.util
import sys

NEEDED = ("click", "rich")


def main() -> None:
    """Run the command line. Without its libraries it says so and exits with 2."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        needed = " and ".join(missing)
        sys.stderr.write(f"peersupport: the command line needs {needed}: install 'peersupport[cli]'\n")
        sys.exit(2)
    from peersupport.cli import cli  # noqa: PLC0415  only now is it known that its libraries are there

    cli()


if __name__ == "__main__":
    main()
