"""What the column reader does not judge is refused by the rule's name and never guessed; and what is seldom given."""

from __future__ import annotations

import datetime as dt
import importlib.util
from typing import Any

import duckdb
import polars as pl
import pytest

import peersupport as ps
from peersupport import InputError, PartialTables, Unsupported, judge_frame

ON = dt.date(2026, 6, 30)
HEAD = """
rulebook = "sieve"
title    = "Sieve (invented)"
version  = "1"
[sources.S]
title = "Made up"
[kinds.program]
boss = "-> keeper"
[kinds.keeper]
rank  = { type = "decimal steps", places = 1 }
sworn = "bool"
hues  = "set: red green"
[kinds.lamp]
span   = { from = "lit_on", until = "out_on" }
dated_by = "lit_on"
keeper = "-> keeper or none"
keepers = "-> set of keeper"
lit_on = { type = "date", says = "its first day", event = "it is lit" }
out_on = { type = "date or none", says = "its last day", event = "it goes out" }
marks  = "set: open"
[kinds.spark]
span   = { from = "from_on", until = "until_on" }
dated_by = "from_on"
lamp     = "-> lamp"
from_on  = { type = "date", says = "its day", event = "it is struck" }
until_on = "date or none"
ended_on = { type = "date or none", says = "its end", event = "it ends" }
"""
RULE = 'about = "lamp"\nsays = "A rule."\nsource = "S: 1"\n'
TODAY = f'[[criterion]]\nid = "lamp.today"\n{RULE}holds = "lit_on <= on"\n'
REFUSED = {
    "a met rule that asks the day": f'{TODAY}[[deadline]]\nid = "lamp.x"\n{RULE}due = "lit_on"\ndone = "out_on"\n'
    "when = \"lit_on <= on and met('lamp.today')\"\n",
    "a met rule that was not always in force": f'[[criterion]]\nid = "lamp.then"\n{RULE}holds = "exists(keeper)"\n'
    f'in_force = {{ from = 2026-01-01 }}\n[[deadline]]\nid = "lamp.x"\n{RULE}due = "lit_on"\ndone = "out_on"\n'
    "when = \"met('lamp.then')\"\n",
    "a rule that is refused itself": '[[limit]]\nid = "lamp.a"\n'
    f'{RULE}measure = "count(spark)"\nwindow = "rolling 5 business_days"\nat_most = 2\n'
    f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "met(\'lamp.a\')"\n',
    "a repeating rule to be chosen": f'[[deadline]]\nid = "lamp.x"\n{RULE}after = "lit_on"\nagain = "9 days"\n'
    'counted = "rolling"\ndone = "each(spark.from_on)"\nchoose = true\n'
    'readings."one" = { again = "8 days" }\nreadings."two" = { again = "7 days" }\n',
    "a grid of business days": f'[[deadline]]\nid = "lamp.x"\n{RULE}after = "lit_on"\nagain = "9 business_days"\n'
    'counted = "grid"\ndone = "each(spark.from_on)"\n',
    "business days that end": f'[[deadline]]\nid = "lamp.x"\n{RULE}after = "lit_on"\nagain = "9 business_days"\n'
    'counted = "rolling"\nuntil = "out_on"\ndone = "each(spark.from_on)"\n',
    "a bound that waits": f'[[limit]]\nid = "lamp.x"\n{RULE}measure = "count(spark)"\nwindow = "at any time"\n'
    'at_most = "days_between(lit_on, first(spark.from_on))"\n',
    "a condition that waits": f'[[limit]]\nid = "lamp.x"\n{RULE}'
    'measure = "count(spark, from_on <= last(lamp.spark.from_on))"\nwindow = "at any time"\nat_most = 2\n',
    "a path from the program": f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "program.boss.sworn"\n',
}


def tables(**more: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Small tables of every kind."""
    day = dt.date(2026, 3, 1)
    whole = {
        "program": pl.DataFrame({"id": ["p"], "boss": ["k"], "time_zone": ["UTC"]}),
        "keeper": pl.DataFrame({"id": ["k"], "rank": [1], "sworn": [True], "hues": ["red"]}),
        "lamp": pl.DataFrame(
            {"id": ["l"], "keeper": ["k"], "lit_on": [day], "out_on": [day], "keepers": ["k"], "marks": ["a"]}
        ),
        "spark": pl.DataFrame(
            {"id": ["s"], "lamp": ["l"], "from_on": [day], "until_on": [None], "ended_on": [day]},
            schema_overrides={"until_on": pl.Date},
        ),
    }
    return whole | more


def told(rules: str, name: str, **given: pl.DataFrame) -> str:
    """The verdict of a rule about the one lamp."""
    frames = tables(**given)
    found = judge_frame(ps.loads(HEAD + rules), frames.pop("lamp"), "lamp", on=ON, tables=frames, rules=[name])
    return str(found[name][0])


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_judged_is_refused_by_name(what: str) -> None:
    """The refusal names the rulebook and the rule, and says what cannot be judged."""
    with pytest.raises(Unsupported, match=r"sieve, lamp\.\w+: the column reader cannot judge .+ yet"):
        told(REFUSED[what], "lamp.x")


def test_a_window_over_a_table_that_is_not_complete_is_refused() -> None:
    """How much lies unseen in a window is not guessed."""
    rules = f'[[limit]]\nid = "lamp.x"\n{RULE}measure = "count(spark)"\nwindow = "calendar month"\nat_most = 2\n'
    frames = tables()
    with pytest.raises(Unsupported, match="which is complete since a day alone"):
        judge_frame(
            ps.loads(HEAD + rules),
            frames.pop("lamp"),
            "lamp",
            on=ON,
            tables=frames,
            rules=["lamp.x"],
            complete_since={"spark": ON},
        )


def test_all_rules_about_a_kind_are_judged_by_default() -> None:
    """Without names every rule that judges the kind has its column, in the order of the file."""
    rulebook = ps.loads(HEAD + TODAY)
    found = judge_frame(rulebook, tables()["lamp"], "lamp", on=ON)
    assert found.columns == ["id", "lamp.today"]


KEEPERS = {
    "a number": ("keeper.rank >= 1", "met"),
    "a yes or no": ("keeper.sworn", "met"),
    "a set": ("'red' in keeper.hues", "met"),
}


@pytest.mark.parametrize("what", KEEPERS)
def test_a_column_that_another_table_lacks(what: str) -> None:
    """A fact of the record that is referred to is unknown where its table has no such column."""
    holds, verdict = KEEPERS[what]
    rules = f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "{holds}"\n'
    assert told(rules, "lamp.x") == verdict
    with pytest.warns(PartialTables, match="keeper"):
        assert told(rules, "lamp.x", keeper=pl.DataFrame({"id": ["k"]})) == "unknown"
    alone = judge_frame(ps.loads(HEAD + rules), tables()["lamp"], "lamp", on=ON, rules=["lamp.x"])
    assert alone["lamp.x"].to_list() == ["unknown"]
    nobody = tables()["lamp"].with_columns(keeper=pl.lit(None, dtype=pl.String), keeper__none=pl.lit(value=True))
    assert told(rules, "lamp.x", lamp=nobody) in {"not_met", "met"}


PROGRAM_PATHS = {
    "every record of a kind": ("count(program.lamp) >= 1", "met"),
    "what refers to whom the program refers to": ("any(program.boss.lamp[keeper], 'a' in marks)", "met"),
}


@pytest.mark.parametrize("what", PROGRAM_PATHS)
def test_paths_from_the_program(what: str) -> None:
    """They lead to the same records for every row, and nobody knows to which where no program is given."""
    holds, verdict = PROGRAM_PATHS[what]
    rules = f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "{holds}"\n'
    assert told(rules, "lamp.x") == verdict
    frames = tables()
    del frames["program"]
    lamp = frames.pop("lamp")
    found = judge_frame(ps.loads(HEAD + rules), lamp, "lamp", on=ON, tables=frames, tell=["verdict", "missing"])
    assert found.row(0) == ("l", "unknown", "program")


def test_a_choice_that_is_not_recorded_is_in_no_set() -> None:
    """Whether a choice is among some is unknown where either has no column."""
    head = HEAD.replace('marks  = "set: open"', 'marks = "set: open"\ncolour = "choice: red green"')
    rules = f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "colour in marks"\n'
    with pytest.warns(PartialTables, match=r"lamp\.colour"):
        found = judge_frame(ps.loads(head + rules), tables()["lamp"], "lamp", on=ON)
    assert found["lamp.x"].to_list() == ["unknown"]


def test_sets_of_references_that_are_not_recorded() -> None:
    """Without its column a set of references is unknown; known to be absent it is empty."""
    rules = f'[[criterion]]\nid = "lamp.x"\n{RULE}holds = "any(keepers, sworn)"\n'
    assert told(rules, "lamp.x") == "met"
    with pytest.warns(PartialTables, match=r"lamp\.keepers"):
        assert told(rules, "lamp.x", lamp=tables()["lamp"].drop("keepers")) == "unknown"
    empty = tables()["lamp"].with_columns(keepers=pl.lit(None, dtype=pl.String), keepers__none=pl.lit(value=True))
    assert told(rules, "lamp.x", lamp=empty) == "not_met"


def test_without_a_zone_instants_are_unknown() -> None:
    """Hours, working days and the days of instants hang on the program's time zone."""
    head = HEAD.replace('marks  = "set: open"', 'marks = "set: open"\nat = { type = "instant", planned = true }')
    rules = (
        f'[[deadline]]\nid = "lamp.x"\n{RULE}due = "at + hours(3)"\ndone = "at"\n'
        f'[[deadline]]\nid = "lamp.y"\n{RULE}due = "lit_on + business_days(3)"\ndone = "out_on"\n'
        f'[[deadline]]\nid = "lamp.z"\n{RULE}due = "next_open(at) + days(1)"\ndone = "at"\n'
    )
    lamp = tables()["lamp"].with_columns(at=pl.lit(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)))
    found = judge_frame(ps.loads(head + rules), lamp, "lamp", on=ON)
    assert found.row(0) == ("l", "unknown", "unknown", "unknown")


def test_duckdb_without_pyarrow_asks_tables_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be held in between is computed where it is asked for, with the same answer; a query is refused."""
    con = duckdb.connect()
    queries = {kind: con.from_arrow(frame.to_arrow()) for kind, frame in tables().items()}
    for kind, relation in queries.items():
        relation.create(kind)
    frames = {kind: con.table(kind) for kind in queries}
    rules = f'[[deadline]]\nid = "lamp.x"\n{RULE}due = "lit_on + days(9)"\ndone = "first(spark.from_on)"\n'
    rulebook = ps.loads(HEAD + rules)
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else there(name))
    found = judge_frame(rulebook, frames.pop("lamp"), "lamp", on=ON, tables=frames, rules=["lamp.x"])
    assert found.fetchall() == [("l", "met")]
    with pytest.raises(InputError, match=r"table spark: is a query, .*install pyarrow"):
        judge_frame(rulebook, queries.pop("lamp"), "lamp", on=ON, tables={"spark": queries["spark"]})


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_query_whose_rows_come_in_any_order_is_asked_once(engine: str) -> None:
    """Rows are numbered where they are first read, so that a query that shuffles them mixes nobody up."""
    many, lit = 210_000, pl.lit(dt.date(2026, 3, 1))
    numbers = pl.DataFrame({"n": range(many)})
    lamp = pl.when(pl.col("n") < 200_000).then(pl.col("n") % 5_000).otherwise(pl.col("n") % 100)
    lamps = numbers.filter(pl.col("n") < 12_000).select(id=pl.format("l{}", "n"), lit_on=lit)
    sparks = numbers.select(
        id=pl.format("s{}", "n"),
        lamp=pl.format("l{}", lamp),
        from_on=lit,
        until_on=pl.lit(None, dtype=pl.Date),
        until_on__none=pl.lit(value=True),
    )
    doubled = {"lamp": pl.concat([lamps, lamps]), "spark": pl.concat([sparks, sparks])}
    if engine == "polars":
        shuffled: dict[str, Any] = {name: each.lazy().unique() for name, each in doubled.items()}
    else:
        con = duckdb.connect(config={"threads": 4})
        for name, each in doubled.items():
            con.from_arrow(each.to_arrow()).create(name)
        shuffled = {name: con.table(name).distinct() for name in doubled}
    rules = f'[[limit]]\nid = "lamp.x"\n{RULE}measure = "count(spark)"\nwindow = "at any time"\nat_most = 50\n'
    found = judge_frame(
        ps.loads(HEAD + rules),
        shuffled.pop("lamp"),
        "lamp",
        on=ON,
        tables=shuffled,
        rules=["lamp.x"],
        tell=["verdict", "measured"],
    )
    told = found.collect() if engine == "polars" else pl.DataFrame(found.to_arrow_table())
    counts = dict(told.select("id", pl.col("lamp.x:measured").cast(pl.Int64)).iter_rows())
    expected = {f"l{n}": 140 if n < 100 else 40 if n < 5_000 else 0 for n in range(12_000)}
    assert counts == expected
    over = told.filter(pl.col("lamp.x").cast(pl.String) == "not_met")
    assert set(over["id"]) == {f"l{n}" for n in range(100)}
