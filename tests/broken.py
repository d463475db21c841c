"""What strangers send: values of every wrong sort, structures that are broken in places, and files that are attacks."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

Place: TypeAlias = tuple[str | int, ...]
"""Where something stands in a structure: keys and numbers, from the top."""

ODD_TEXTS: Final = (
    *("", " ", "none", "null", "true", "yes", "NaN", "-", "x" * 300, "\u0663\u0660", "\u200b", "\u202eabc", "é"),
    *("\x00", "\x1b[31m", "a\nb", "a\tb", "=1+1", "@x", "../../etc/passwd", "/etc/passwd", "file:///etc/passwd"),
    *("19900517", "1990-W20-4", "1990-05-17", "1990-5-17", "17.05.1990", "1990-05-17T00:00", "1990-02-30"),
    *("1e9", "0x10", "1_000", "1.0", "01", "-0", "9" * 30, "9" * 4301, "1e999999999", "90 days", "1 fortnight"),
    *("__import__('os').system('x')", "{says}", "{0.__class__}", "%s", "on", "this.x", "met('a')", "a.b.c.d"),
)
NUMBERS: Final = st.one_of(
    st.integers(),
    st.sampled_from([0, -1, 10**12, 10**15, 10**30, -(10**30), 10**4299]),
    st.sampled_from([Decimal("0.1"), Decimal("1e-400"), Decimal("1e999999"), Decimal("Infinity"), Decimal("NaN")]),
)
DAYS: Final = st.sampled_from(
    [
        dt.date(1, 1, 1),
        dt.date(1899, 12, 31),
        dt.date(1900, 1, 1),
        dt.date(2024, 2, 29),
        dt.date(2199, 12, 31),
        dt.date(9999, 12, 31),
        dt.datetime(2026, 1, 31),
        dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.UTC),
        dt.datetime(1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=14))),
        dt.time(9, 30),
    ]
)
TEXTS: Final = st.sampled_from(ODD_TEXTS) | st.text(max_size=20)
"""Among them some that no file can hold: half characters."""
PLAIN: Final = st.one_of(st.booleans(), NUMBERS, DAYS, TEXTS)


def nested(depth: int) -> Any:  # noqa: ANN401  lists and tables in one another
    """Tables and lists in one another, so deep."""
    found: Any = "x"
    for level in range(depth):
        found = [found] if level % 2 else {"given": found}
    return found


JUNK: Final = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
) | st.sampled_from([10, 39, 41, 200]).map(nested)
"""A value of any sort, and structures of them."""


def places(of: object, here: Place = ()) -> Iterator[Place]:
    """Every place of a structure, the whole of it first."""
    yield here
    inner = of.items() if isinstance(of, dict) else enumerate(of) if isinstance(of, list) else ()
    for key, value in inner:
        yield from places(value, (*here, key))


def at(of: Any, place: Place) -> Any:  # noqa: ANN401  whatever stands there
    """What stands at a place."""
    for key in place:
        of = of[key]
    return of


def near_miss(name: str, number: int) -> str:
    """A name that is nearly another: a letter left out, doubled, in capitals, or two of them swapped."""
    cut = number % len(name) if name else 0
    ways = [
        name[:cut] + name[cut + 1 :],
        name[:cut] + name[cut : cut + 1] + name[cut:],
        name.upper(),
        name[:cut] + name[cut + 1 : cut + 2] + name[cut : cut + 1] + name[cut + 2 :],
        f" {name}",
        f"{name}s",
    ]
    return ways[number % len(ways)]


@st.composite
def broken(draw: st.DrawFn, whole: st.SearchStrategy[dict[str, Any]], junk: st.SearchStrategy[Any] = JUNK) -> Any:  # noqa: ANN401  a structure
    """A structure that was whole, with one to three of its places changed: another value, name or number of entries."""
    made: Any = copy.deepcopy(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        inner = [place for place in places(made) if place]
        if not inner:
            return made
        place = draw(st.sampled_from(inner))
        around, key = at(made, place[:-1]), place[-1]
        _change(draw, around, key, junk)
    return made


def _change(draw: st.DrawFn, around: Any, key: Any, junk: st.SearchStrategy[Any]) -> None:  # noqa: ANN401  a structure
    way = draw(st.sampled_from(["value", "value", "gone", "name", "more", "again", "wrapped"]))
    value = around[key]
    if way == "value":
        around[key] = draw(junk)
    elif way == "gone":
        del around[key]
    elif way == "wrapped":
        around[key] = draw(st.sampled_from([[value], [[value]], {"x": value}]))
    elif isinstance(around, list):
        around.insert(key, copy.deepcopy(value) if way == "again" else draw(junk))
    elif way == "name":
        around[near_miss(key, draw(st.integers(0, 30)))] = around.pop(key)
    else:
        around[draw(TEXTS)] = copy.deepcopy(value) if way == "again" else draw(junk)


# rulebook files that are attacks

HEAD: Final = 'rulebook = "x"\ntitle = "t"\n[sources.S]\ntitle = "s"\n'


def rule(number: int, holds: str = "would_benefit", about: str = '"admission"', more: str = "") -> str:
    """A criterion in a file."""
    return f'[[criterion]]\nid = "a{number}"\nabout = {about}\nsays = "x"\nsource = "S: 1"\nholds = "{holds}"\n{more}\n'


def _doubled(times: int) -> str:
    """A comparison whose middle is read twice, and again for each one around it."""
    text = "would_benefit"
    for _ in range(times):
        text = f"would_benefit == ({text}) == would_benefit"
    return text


_CORE = '["admission", "stay_review", "plan", "person", "program", "referral", "contact", "goal", "measure"]'

ATTACKS: Final[Mapping[str, str]] = {
    "a text of a million signs": "=" * 1_000_000,
    "a text of more than a million": "#" * 1_000_001,
    "lines and lines of nothing": "#\n" * 490_000,
    "a key of a hundred thousand names": "a." * 100_000 + "a = 1",
    "a key of a thousand names": "a." * 1_000 + "a = 1",
    "a table of many names with many keys": "[" + "a." * 9_000 + "a]\n" + "k = 1\n" * 9_000,
    "many tables of many names": "".join(f"[{'a.' * 60}a{n}]\n" for n in range(900)),
    "quoted names": '"a".' * 14_000 + "a = 1",
    "brackets in one another": "x = " + "[" * 900_000,
    "tables in one another": "x = " + "{a = " * 300_000,
    "a list of numbers": f"x = [{'1, ' * 300_000}]",
    "a list of lists": f"x = [{'[], ' * 29_000}]",
    "a number of a million digits": f"x = {'9' * 900_000}",
    "a number of 4300 digits": f"{HEAD}{rule(1, more='examples = [{ given = { x = ' + '9' * 4300 + '} }]')}",
    "a number in sixteens": f"{HEAD}[kinds.k]\nn = {{ type = 'int', max = 0x{'f' * 100_000} }}\n",
    "a number in sixteens in a worked case": HEAD
    + "[kinds.k]\nn = { type = 'int', max = 5 }\n"
    + rule(
        1, "n > 2", '"k"', f"examples = [{{ given = {{ n = 0x{'f' * 9_000} }}, on = 2026-01-01, verdict = 'met' }}]"
    ),
    "a decimal of a million digits": f"x = 0.{'9' * 900_000}",
    "an exponent beyond all measure": f"{HEAD}[kinds.k]\nn = {{ type = 'decimal', min = 1e-999999999 }}\n",
    "an exponent beyond all numbers": f"{HEAD}[kinds.k]\nn = {{ type = 'decimal', min = 1e99999999999999999999 }}\n",
    "a text of a million characters": f'title = "{"x" * 990_000}"',
    "a text of escapes": f'title = "{chr(92) + "n"}{(chr(92) + "n") * 29_000}"',
    "ten thousand keys": HEAD + "".join(f"k{n} = 1\n" for n in range(10_000)),
    "ten thousand kinds": HEAD + "".join(f"[kinds.k{n}]\na = 'bool'\n" for n in range(10_000)),
    "three hundred kinds": HEAD + "".join(f"[kinds.k{n}]\na = 'bool'\n" for n in range(300)),
    "kinds that lead nowhere": HEAD + "".join(f"[kinds.k{n}]\na = '-> x{n}'\n" for n in range(190)),
    "kinds that lend in a circle": HEAD
    + "".join(f"[kinds.k{n}]\nto = '-> k{(n + 1) % 190}'\nx = 'bool, from to'\n" for n in range(190)),
    "five thousand rules": HEAD + "".join(map(rule, range(5_000))),
    "nine hundred faulty rules": HEAD + "".join(rule(n, "nothing") for n in range(900)),
    "one id nine hundred times": HEAD + rule(1) * 900,
    "a rule about all kinds many times": HEAD + "".join(rule(n, "known(x) or " * 20 + "x", _CORE) for n in range(150)),
    "a rule of many readings": HEAD
    + rule(
        1,
        "would_benefit and " * 90 + "would_benefit",
        more="".join(f"readings.r{n} = {{ says = 'x' }}\n" for n in range(900)),
    ),
    "an expression with a fault in every word": HEAD + rule(1, "x or " * 390 + "x"),
    "a chain in a chain": HEAD + rule(1, _doubled(30)),
    "parentheses in one another": HEAD + rule(1, "(" * 900 + "would_benefit" + ")" * 900),
    "not, and not again": HEAD + rule(1, "not " * 490 + "would_benefit"),
    "a sum of a thousand": HEAD + rule(1, "+".join("1" * 900) + " > 2"),
    "a path of a thousand names": HEAD + rule(1, "known(" + "person." * 250 + "birth_date)"),
    "brackets behind names": HEAD + rule(1, "any(" + "plan[" * 190 + "x" + "]" * 190 + ")"),
    "an expression of a million characters": HEAD + rule(1, "x" * 900_000),
    "rules that ask for each other": HEAD
    + "".join(rule(n, " and ".join(f"met('a{(n + k) % 250}')" for k in range(1, 20))) for n in range(250)),
    "definitions in a circle": HEAD
    + "".join(
        f"[[definition]]\nid = 'd.x{n}'\nabout = 'admission'\nsays = 'x'\nsource = 'S: 1'\nis = 'x{(n + 1) % 200}'\n"
        for n in range(200)
    ),
    "a definition of itself": HEAD
    + "[[definition]]\nid = 'd.x'\nabout = 'admission'\nsays = 'x'\nsource = 'S: 1'\nis = 'x'\n",
    "ten thousand sources that are not there": HEAD
    + rule(1).replace('"S: 1"', str([f"Q{n}: 1" for n in range(10_000)])),
    "nine hundred sources that are not there": HEAD + rule(1).replace('"S: 1"', str([f"Q{n}: 1" for n in range(900)])),
    "nine hundred rows kept by facts that are not there": HEAD
    + "[recorded]\n"
    + "".join(f"r{n} = {{ facts = ['stay.x{n}'] }}\n" for n in range(900)),
    "many worked cases that are wrong": HEAD
    + rule(1, more=f"examples = [{', '.join(['{ given = { zz = 1 }, on = 2026-01-01, verdict = 1 }'] * 1_900)}]"),
    "braces in a sentence": HEAD + rule(1).replace('says = "x"', f'says = "{"{x}" * 6_000}"'),
    "a sentence that drives a terminal": HEAD + rule(1).replace('says = "x"', 'says = "\\u001b[31m"'),
    "a sentence that is read backwards": HEAD + rule(1).replace('says = "x"', 'says = "\u202eabc"'),
    "a name that drives a terminal": HEAD + '"a\\u0007b" = 1\n',
    "a name of a thousand characters": HEAD + f"{'a' * 1_000} = 1\n",
    "a day before all others": HEAD + rule(1, more="examples = [{ given = {}, on = 0001-01-01, verdict = 'unknown' }]"),
    "a day behind all others": HEAD + rule(1, more="examples = [{ given = {}, on = 9999-12-31, verdict = 'unknown' }]"),
    "half a character": HEAD + 'x = "\ud800"',
    "no character at all": HEAD + 'x = "\x00"',
    **{
        f"extends {name!r}": f"extends = {name!r}\n{HEAD}"
        for name in (
            *("../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "~/.ssh/id_rsa", "..", ".", "", "x"),
            *("own", "own.toml", "./own", "nebraska-dbh.toml", "nebraska-dbh\\u0000", "//host/share", "CON"),
        )
    },
    **{
        f"runs {code}": HEAD + rule(1, code)
        for code in (
            *("__import__('os').system('touch ran')", "open('/etc/passwd').read()", "exec('ran = 1')", "eval('1')"),
            *("().__class__.__bases__[0].__subclasses__()", "would_benefit.__class__", "person.__dict__"),
            *("[x for x in (1, 2)]", "(lambda: 1)()", "(x := 1)", "f'{would_benefit}'", "1 if 1 else 2", "print(1)"),
            *("globals()", "'a'.format(1)", "'a' % 1", "9 ** 9 ** 9 ** 9", "1 << 999999999", "'a' * 999999999 == 'b'"),
        )
    },
}
"""Files that are refused, each for a reason of its own."""
