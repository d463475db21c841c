"""What is wrong with one file, noted as it is found and told together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peersupport.rules.problems import Problem, near, raise_any
from peersupport.rules.shapes import Shape, misfits


class Notes:
    """The problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.misfits: set[str] = set()

    def add(self, where: str, fault: str, mend: str = "") -> None:
        """Note a problem of a place in the file."""
        self.problems.append(Problem(self.place(where), fault, mend))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems that others found."""
        self.problems.extend(problems)

    def place(self, where: str) -> str:
        """A place as it stands in messages."""
        return f"{self.file}, {where}" if where else self.file

    def touches(self, where: str) -> bool:
        """Whether something is wrong at a place or inside it."""
        place = self.place(where)
        return any(problem.place == place or problem.place.startswith(f"{place}, ") for problem in self.problems)

    def fields(self, where: str, table: Mapping[str, object], known: Mapping[str, Shape]) -> dict[str, object]:
        """The fields of a table that are known and hold what they should; what is wrong with the others is noted."""
        for key in table:
            if key not in known:
                self.add(where, f"there is no field {key!r}", near(key, known))
        wrong = misfits(table, known)
        for key, shape in wrong.items():
            self.add(f"{where}, {key}" if where else key, shape.fault, shape.mend)
            self.misfits.add(self.problems[-1].place)
        return {key: value for key, value in table.items() if key in known and key not in wrong}

    def told(self) -> list[Problem]:
        """The problems, each once: of a value of the wrong sort nothing but that."""
        told: list[Problem] = []
        closed: set[str] = set()
        for problem in dict.fromkeys(self.problems):
            if problem.place not in closed:
                told.append(problem)
            if problem.place in self.misfits:
                closed.add(problem.place)
        return told

    def raise_any(self) -> None:
        """Raise an `InputError` when something is wrong."""
        raise_any(self.told())
