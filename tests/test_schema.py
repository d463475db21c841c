"""The JSON Schema of the format: up to date, right for every rulebook there is, and of use for small mistakes."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

import peersupport as ps
from peersupport.cli import cli
from peersupport.rules import calendar, facts, kinds, schema, shapes
from peersupport.rules.shapes import Shape

ROOT: Final = Path(__file__).parents[1]
FILE: Final = Path(ps.__file__).parent / "format" / "rulebook.schema.json"
PAGE: Final = (ROOT / "docs" / "rulebook-format.md").read_text(encoding="utf-8")
SCHEMA: Final[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
VALIDATORS: Final = [
    Draft202012Validator(SCHEMA, format_checker=FormatChecker()),
    Draft7Validator(SCHEMA, format_checker=FormatChecker()),
]
"""Both ways in which editors read a schema."""
FOLDERS: Final = [Path(ps.__file__).parent / "rulebooks", *(ROOT / each for each in ("tests/rulebooks", "examples"))]
FILES: Final = [file for folder in [*FOLDERS, ROOT / "benchmarks/rulebooks"] for file in sorted(folder.glob("*.toml"))]
BLOCKS: Final = re.findall(r"^```toml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)

SMALL: Final = """
rulebook = "small"
title    = "A made-up rulebook"
verified = 2026-01-31
in_force = { from = 2026-01-01, until = 2027-01-01 }
review_every = "1 year"
[sources.F]
title = "Fiction"
[recorded]
"F-9" = { facts = ["visit.starts_on"] }
[steps]
plan = "It starts with a plan"
[kinds.visit]
span      = { from = "starts_on", through = "ends_on" }
dated_by  = "starts_on"
starts_on = "date"
ends_on   = { type = "date or none", planned = true }
share     = { type = "decimal posts", min = 0, max = 1.5, places = 2 }
[[definition]]
id     = "admission.soon"
about  = "admission"
says   = "Soon."
is     = "admitted_on + days(7)"
source = "F: 1"
[[criterion]]
id     = "admission.benefit"
about  = ["admission"]
says   = "The person would benefit."
holds  = { "benefit" = "would_benefit", "or both" = { "one" = "would_benefit", "two" = "symptoms_disturb_routine" } }
need   = 1
force  = "should"
source = ["F: 2"]
readings."both" = { need = 2 }
examples = [{ given = { would_benefit = true }, on = 2026-01-31, verdict = "met" }]
[[deadline]]
id     = "plan.soon"
about  = "admission"
says   = "A plan."
after  = "admitted_on"
within = "30 days"
done   = ["first(plan.developed_on)"]
source = "F: 3"
[[deadline]]
id      = "plan.again"
about   = "plan"
says    = "A review."
after   = "developed_on"
again   = "90 days"
counted = "grid"
times   = 4
done    = "each(plan_review.reviewed_on)"
source  = "F: 4"
[[limit]]
id      = "group.size"
about   = "group_session"
says    = "At most {at_most}."
measure = "present"
at_most = 12
source  = "F: 5"
[[limit]]
id       = "admission.plans"
about    = "admission"
says     = "At least {at_least}."
measure  = "count(plan)"
window   = "rolling 6 months"
at_least = "1"
source   = "F: 5"
[[question]]
id     = "house.pay"
step   = "plan"
asks   = "Is it written down?"
parts  = ["pay"]
source = "F: 6"
"""


def plain(value: object) -> Any:  # noqa: ANN401  as JSON has it
    """A value of TOML as an editor hands it to a schema: days and times are texts."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def faults(text: str) -> list[str]:
    """What the schema says of a file, the same in both drafts."""
    data = plain(tomllib.loads(text))
    first, second = ([f"{error.json_path}: {error.message}" for error in each.iter_errors(data)] for each in VALIDATORS)
    assert sorted(first) == sorted(second)
    return first


def fits(part: Mapping[str, Any], value: object) -> bool:
    """Whether a value is as a part of the schema has it."""
    return Draft202012Validator(part, format_checker=FormatChecker()).is_valid(plain(value))


# up to date


def test_the_schema_is_a_schema_in_both_drafts() -> None:
    """Editors read it as draft 7 or as draft 2020-12."""
    for validator in VALIDATORS:
        validator.check_schema(SCHEMA)


def test_the_file_of_the_package_is_up_to_date() -> None:
    """Where it is not: `peersupport schema --page docs/rulebook-format.md --to`, and the path of the file."""
    assert FILE.read_text(encoding="utf-8") == schema.written(schema.schema(PAGE))


def test_every_field_of_every_table_is_in_the_schema() -> None:
    """What `shapes` lists and what the schema lists are the same, also for readings."""
    assert set(SCHEMA["properties"]) == set(shapes.HEADER)
    parts = SCHEMA["$defs"]
    tables: dict[str, Iterable[str]] = {
        "source": shapes.SOURCE,
        "row": shapes.RECORDED,
        "kind": shapes.KIND,
        "question": shapes.QUESTION,
        "example": shapes.EXAMPLE,
        **{form: shapes.fields_of(form) for form in shapes.FORMS},
        **{f"{form}_reading": set(shapes.fields_of(form)) - set(shapes.FIXED) for form in shapes.FORMS},
    }
    assert {name: set(parts[name]["properties"]) for name in tables} == {name: set(of) for name, of in tables.items()}
    assert set(parts["fact"]["anyOf"][1]["properties"]) == set(shapes.FACT)
    assert set(parts) == {*tables, "fact"}


def test_every_key_is_told_in_words() -> None:
    """An editor shows what each key means, as the page of the format has it. Only the heads of rules need no words."""
    tables = [SCHEMA, *SCHEMA["$defs"].values(), SCHEMA["$defs"]["fact"]["anyOf"][1]]
    silent = {key for table in tables for key, part in table.get("properties", {}).items() if "description" not in part}
    assert silent == {"question", *shapes.FORMS}
    told = SCHEMA["$defs"]["deadline"]["properties"]["within"]["description"]
    once, again = told.split("\n\n")
    assert once.startswith("short for their sum: `after` an event")
    assert again == "a different period for the first one"
    assert "](" not in FILE.read_text(encoding="utf-8")


def test_without_the_page_the_schema_says_less_and_asks_the_same() -> None:
    """Descriptions are all that the page adds."""

    def bare(part: object) -> object:
        if isinstance(part, dict):
            return {
                key: bare(each) for key, each in part.items() if not (key == "description" and isinstance(each, str))
            }
        return [bare(each) for each in part] if isinstance(part, list) else part

    assert bare(json.loads(schema.written(schema.schema()))) == bare(SCHEMA)


# what it accepts


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rulebook_there_is_fits_the_schema(file: Path) -> None:
    """Those of the package, of the tests, the examples and the benchmarks."""
    assert faults(file.read_text(encoding="utf-8")) == []


def test_every_example_of_the_page_fits_the_schema() -> None:
    """Each block of the page of the format that has a header, and each that stands below one."""
    head = 'rulebook = "page"\ntitle = "Page"\n'
    texts = [block if re.search("^rulebook ", block, flags=re.MULTILINE) else head + block for block in BLOCKS]
    assert [fault for text in texts for fault in faults(text)] == []
    assert len(texts) >= 20


def test_the_small_rulebook_fits_and_loads() -> None:
    """The rulebook in which the mistakes below are made has none itself."""
    assert faults(SMALL) == []
    assert len(ps.loads(SMALL)) == 6


# what it refuses, and so does the package


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('title    = "A made-up rulebook"', 'titel    = "A made-up rulebook"'),
        ('title    = "A made-up rulebook"', ""),
        ('rulebook = "small"', 'rulebook = "Small"'),
        ("verified = 2026-01-31", 'verified = "31 January 2026"'),
        ("until = 2027-01-01", "til = 2027-01-01"),
        ('review_every = "1 year"', 'review_every = "a year"'),
        ('title = "Fiction"', 'name = "Fiction"'),
        ('{ facts = ["visit.starts_on"] }', '["visit.starts_on"]'),
        ('plan = "It starts with a plan"', "plan = 1"),
        ('through = "ends_on"', 'to = "ends_on"'),
        ("[kinds.visit]", "[kinds.count]"),
        ("[kinds.visit]", "[kinds.Visit]"),
        ('"date or none", planned', '"day or none", planned'),
        ("planned = true", 'planned = "yes"'),
        ("places = 2", "places = 0.5"),
        ("places = 2", "decimals = 2"),
        ('id     = "admission.soon"\n', ""),
        ('id     = "admission.soon"', 'id     = "Soon enough"'),
        ('is     = "admitted_on + days(7)"', ""),
        ('is     = "admitted_on + days(7)"', 'is     = "admitted_on + days(7)"\nwhen = "would_benefit"'),
        ("holds  = {", "hold   = {"),
        ('"two" = "symptoms_disturb_routine"', '"two" = true'),
        ("need   = 1", 'need   = "1"'),
        ('force  = "should"', 'force  = "may"'),
        ('source = ["F: 2"]', "source = 2"),
        ('source = ["F: 2"]', "source = []"),
        ('about  = ["admission"]', ""),
        ("= { need = 2", '= { force = "should"'),
        ("= { need = 2 }", "= {}"),
        ('verdict = "met"', 'verdict = "yes"'),
        ("on = 2026-01-31, ", ""),
        ('after  = "admitted_on"\n', ""),
        ('within = "30 days"', 'within = "30 dayz"'),
        ('within = "30 days"', "within = 30"),
        ('done   = ["first(plan.developed_on)"]', ""),
        ('counted = "grid"', 'counted = "fixed"'),
        ('counted = "grid"\n', ""),
        ("times   = 4", 'times   = "4"'),
        ("at_most = 12\n", ""),
        ("at_most = 12", "at_most = [12]"),
        ("at_most = 12", "at_most = 1000000000000"),
        ("rolling 6 months", "the last 6 months"),
        ('step   = "plan"\n', ""),
        ('parts  = ["pay"]', 'parts  = "pay"'),
    ],
)  # fmt: skip
def test_a_small_mistake_is_refused(right: str, wrong: str) -> None:
    """A misspelt key, a wrong sort, a missing one: the schema marks it, and the package refuses it too."""
    text = SMALL.replace(right, wrong, 1)
    assert text != SMALL
    assert faults(text)
    with pytest.raises(ps.InputError):
        ps.loads(text)


# sorts of values

VALUES: Final[list[object]] = [
    "x", "all", "", " ", "12", "90 days", "1 month", "2026-01-31", dt.date(2026, 1, 31), True, False, 0, 12, 10**12,
    -(10**12), 0.5, [], ["x"], ["x", ""], [1], [{}], [["x"]], {}, {"x": "y"}, {"x": ""}, {"x": 1}, {"x": {}},
    {"x": {"y": "z"}}, {"x": {"y": 1}}, {"x": True}, {"x": ["y"]}, {"x": dt.date(2026, 1, 31)},
]  # fmt: skip
SHAPES: Final = {name: shape for name, shape in vars(shapes).items() if isinstance(shape, Shape)}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_a_sort_of_value_is_the_same_in_the_schema(name: str) -> None:
    """What fits a shape fits its part of the schema, and nothing else; but a day and its text are not told apart."""
    part = schema.sort_of(SHAPES[name])
    for value in VALUES:
        assert fits(part, value) == any(wanted(name, each) for each in alike(value)), value


def alike(value: object) -> list[object]:
    """A value, and the same with its days as texts, or with its texts that are days as days."""
    return [value, plain(value), dated(value)]


def dated(value: object) -> object:
    """A value with each text that is a day as that day."""
    if isinstance(value, dict):
        return {key: dated(each) for key, each in value.items()}
    return dt.date.fromisoformat(value) if value == "2026-01-31" and isinstance(value, str) else value


def wanted(name: str, value: object) -> bool:
    """Whether the package takes a value of a sort, also when it reads what is inside."""
    if not SHAPES[name].fits(Decimal(str(value)) if isinstance(value, float) else value):
        return False
    if name == "PERIOD":
        return is_period(value)
    return name != "HOLDS" or not isinstance(value, dict) or all(map(is_clause, value.values()))


def is_period(value: object) -> bool:
    """Whether a text is a number and a unit."""
    try:
        calendar.period(str(value))
    except ValueError:
        return False
    return True


def is_clause(value: object) -> bool:
    """Whether a value is a condition, or a table of some."""
    each = list(value.values()) if isinstance(value, dict) else [value]
    return bool(each) and all(isinstance(text, str) and text for text in each)


def test_a_sort_that_is_not_known_yet_is_asked_what_it_is() -> None:
    """A new shape, made of the same sorts of values, needs no line in the schema's module."""
    made = Shape(lambda value: value in ([], ["x"]) or value is True, "is neither a list of texts nor true")
    texts = {"type": "array", "items": {"type": "string", "pattern": r"\S"}}
    assert schema.sort_of(made) == {"anyOf": [{"type": "boolean"}, texts]}
    assert schema.sort_of(Shape(lambda _: True, "")) == {}
    word = Shape(lambda value: value in ("some", "none"), "must be 'some' or 'none', not 'many'")
    assert schema.sort_of(word) == {"enum": ["some", "none"]}


@pytest.mark.parametrize(
    "text",
    [
        "bool", "date", "date or none", "instant", "text or none", "int", "int meals", "int units of 15 minutes",
        "decimal posts or none", "choice: a b_2", "choice: open", "set: a", "set: open or none", "-> person",
        "-> person or none", "-> set of host", "bool, judged", "-> person, from stay", "-> person or none, from stay",
        "bool or none", "day", "integer", "int Meals", "choice:", "choice: A", "set: a-b", "-> Person", "->person",
        "-> set host", "date or nothing", "bool, from", "bool, judged by me", "", "date, from the stay",
    ],
)  # fmt: skip
def test_a_type_is_the_same_in_the_schema(text: str) -> None:
    """The schema takes as a fact's type what the package reads as one."""
    try:
        facts.read_fact("x", text)
        read = True
    except ValueError:
        read = False
    assert fits(SCHEMA["$defs"]["fact"], text) == read


@pytest.mark.parametrize("name", ["visit", "on", "count", "class", "id", "self", "program", "a1", "1a", "A", "true"])
def test_a_name_is_the_same_in_the_schema(name: str) -> None:
    """No kind is called by a word of the language or of Python, but the program's; a fact is not called so either."""
    assert fits(SCHEMA["properties"]["kinds"]["propertyNames"], name) == (kinds.is_name(name) or name == "program")
    assert fits(SCHEMA["$defs"]["kind"]["propertyNames"], name) == kinds.is_name(name)


# the command


def test_the_command_prints_the_schema() -> None:
    """As it stands in the package."""
    result = CliRunner().invoke(cli, ["schema"])
    assert (result.exit_code, result.output) == (0, FILE.read_text(encoding="utf-8"))


def test_the_command_writes_the_schema_over_an_older_one(tmp_path: Path) -> None:
    """Beside a rulebook, where an editor finds it."""
    file = tmp_path / "rulebook.schema.json"
    file.write_text("old", encoding="utf-8")
    result = CliRunner().invoke(cli, ["schema", "--to", str(file)])
    assert (result.exit_code, result.output) == (0, "")
    assert json.loads(file.read_text(encoding="utf-8")) == SCHEMA


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The exit code is 2."""
    result = CliRunner().invoke(cli, ["schema", "--to", str(tmp_path / "none" / "x.json")])
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_the_command_makes_the_schema_anew_from_the_page() -> None:
    """For whoever works on the format."""
    result = CliRunner().invoke(cli, ["schema", "--page", str(ROOT / "docs" / "rulebook-format.md")])
    assert result.output == FILE.read_text(encoding="utf-8")
