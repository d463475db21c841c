"""Rulebooks from elsewhere: other distributions, resources of a package, files beside one another, and texts.

Each distribution is installed into a folder of its own and asked for in a process of its own, as a user would have it.
"""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest

import peersupport
from peersupport import InputError, library

ROOT: Final = Path(__file__).parents[1]
EXAMPLE: Final = ROOT / "examples" / "state_package"
SOURCES: Final = Path(peersupport.__file__).parents[1]
NAME: Final = "meridian-agency"
SMALL: Final = 'rulebook = "{name}"\ntitle = "Small (invented)"\nversion = "{version}"\n{more}\n'
Install = Callable[..., None]


def text(name: str, version: str = "1", more: str = "") -> str:
    """A rulebook with nothing in it but what a test is about."""
    return SMALL.format(name=name, version=version, more=more)


def wheel(folder: Path, distribution: str, points: Mapping[str, str], files: Mapping[str, str]) -> None:
    """What an installer leaves of a distribution: its files, and the metadata with its entry points."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    info = folder / f"{distribution.replace('-', '_')}-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n", encoding="utf-8")
    listed = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[{library.GROUP}]\n{listed}", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Distributions are installed into a folder on the path, for this process."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(library, "_shelved", {})
    for name in ("pier", "quay"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    def install(distribution: str, points: Mapping[str, str], files: Mapping[str, str]) -> None:
        wheel(tmp_path, distribution, points, files)
        importlib.invalidate_caches()

    return install


def problems(name: str) -> list[str]:
    """What is wrong with a rulebook that is asked for."""
    with pytest.raises(InputError) as caught:
        peersupport.load(name)
    return [str(problem) for problem in caught.value.problems]


class TestExamplePackage:
    """The package under `examples`: a state's rules as a distribution of their own."""

    ASKED: Final = """
import json, sys
import peersupport
before = set(sys.modules)
names = peersupport.available()
loaded = sorted(set(sys.modules) - before)
book = peersupport.load("meridian-agency")
over = peersupport.loads('rulebook = "x"\\ntitle = "x"\\nextends = "nebraska-dbh"', find=peersupport.load)
print(json.dumps([list(names), "meridian_rules" in loaded, book.version, book.extends, book.file, len(over),
    book["group.size"].fields["at_most"], str(peersupport.refused())]))
"""

    def asked(self, folder: Path) -> list[Any]:
        """What a process says that has the folder of an installer on its path."""
        path = os.pathsep.join([str(folder), str(SOURCES)])
        command = [sys.executable, "-W", "error", "-c", self.ASKED]
        environment = {**os.environ, "PYTHONPATH": path}
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        assert ran.returncode == 0, ran.stderr
        found: list[Any] = json.loads(ran.stdout)
        return found

    def found(self, folder: Path) -> None:
        """The rulebook of the folder is there, and nothing of it was imported until it was asked for."""
        names, imported, version, extends, file, rules, most, refused = self.asked(folder)
        assert names == sorted([*peersupport.available(), NAME])
        assert (imported, version, extends) == (False, "2026", "nebraska-dbh")
        assert file == f"meridian-rules: {NAME}.toml"
        assert (rules, most, refused) == (len(peersupport.load("nebraska-dbh")), 10, "()")

    def test_it_is_found_where_an_installer_put_it(self, tmp_path: Path) -> None:
        """The files and the metadata of a wheel are all that it takes."""
        files = {f"meridian_rules/{each.name}": each.read_text() for each in (EXAMPLE / "src/meridian_rules").iterdir()}
        wheel(tmp_path, "meridian-rules", {NAME: "meridian_rules"}, files)
        self.found(tmp_path)

    @pytest.mark.skipif(
        not (importlib.util.find_spec("hatchling") and importlib.util.find_spec("pip")),
        reason="the build backend or pip is not installed",
    )
    def test_it_is_built_and_installed(self, tmp_path: Path) -> None:
        """From its `pyproject.toml`, by pip, into a folder of its own."""
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "install", *options, "--target", str(tmp_path / "site"), str(EXAMPLE)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert ran.returncode == 0, ran.stderr
        self.found(tmp_path / "site")

    def test_its_examples_come_out_as_stated(self) -> None:
        """It is a rulebook like any other, with the examples of its base beside its own."""
        book = peersupport.load(EXAMPLE / "src" / "meridian_rules" / f"{NAME}.toml")
        own = [rule for rule in book if rule.id not in peersupport.load("nebraska-dbh") or rule.replaces]
        assert [rule.id for rule in own] == ["group.size", "peer.meridian_course"]
        from peersupport import testing  # noqa: PLC0415  the kit is slow to import

        assert testing.failing_examples(book) == ()


class TestNames:
    """A name is one distribution's, and what is wrong with one is no other's."""

    def test_versions_lie_beside_one_another(self, site: Install) -> None:
        """One name may have several files; which one is meant is said by its version or its day."""
        days = ('in_force = { until = "2027-01-01" }', "in_force = { from = 2027-01-01 }")
        files = {
            "pier/pier.toml": text("pier", "1", days[0].replace('"', "")),
            "pier/pier@2.toml": text("pier", "2", days[1]),
        }
        site("pier-rules", {"pier": "pier"}, files)
        assert "pier" in peersupport.available()
        assert [each.version for each in peersupport.versions("pier")] == ["1", "2"]
        assert peersupport.load("pier@2") is peersupport.load("pier@2")
        assert peersupport.load("pier@1").file == "pier-rules: pier.toml"
        assert problems("pier") == [
            "rulebook 'pier': has several versions, and none is named (one of pier@1, pier@2)",
        ]

    def test_files_may_lie_in_a_folder(self, site: Install) -> None:
        """Behind the colon stands a folder of the package."""
        site("pier-rules", {"pier": "pier:rules"}, {"pier/__init__.py": "", "pier/rules/pier.toml": text("pier")})
        assert peersupport.load("pier").name == "pier"

    def test_one_may_extend_another_that_is_installed(self, site: Install) -> None:
        """By its name, as a rulebook of the package."""
        site("pier-rules", {"pier": "pier"}, {"pier/pier.toml": text("pier")})
        site("quay-rules", {"quay": "quay"}, {"quay/quay.toml": text("quay", more='extends = "pier"')})
        assert peersupport.load("quay").extends == "pier"
        assert peersupport.loads(text("x", more='extends = "pier"'), find=peersupport.load).extends == "pier"

    def test_a_text_finds_what_the_package_has_and_no_more(self, site: Install) -> None:
        """A text from a stranger does not even look at what is installed, unless the caller lets it."""
        site("pier-rules", {"pier": "pier"}, {"pier/pier.toml": text("pier")})
        with pytest.raises(InputError, match="rulebook 'pier': is not in the package"):
            peersupport.loads(text("x", more='extends = "pier"'))

    def test_two_distributions_with_one_name(self, site: Install) -> None:
        """Neither is given, and both are named."""
        site("pier-rules", {"pier": "pier"}, {"pier/pier.toml": text("pier")})
        site("quay-rules", {"pier": "quay", "quay": "quay"}, {"quay/quay.toml": text("quay")})
        told = "rulebook 'pier': is registered more than once, by pier-rules and quay-rules (uninstall one of them)"
        assert problems("pier") == [told]
        assert [str(each) for each in peersupport.refused()] == [told]
        assert "pier" not in peersupport.available()
        assert peersupport.load("quay").name == "quay"

    def test_a_name_of_the_package_is_not_taken_over(self, site: Install) -> None:
        """The package's own rulebook is given, and it is said who wanted the name."""
        site("pier-rules", {"nebraska-dbh": "pier"}, {"pier/nebraska-dbh.toml": text("nebraska-dbh")})
        assert peersupport.load("nebraska-dbh").file == "nebraska-dbh.toml"
        assert [str(each) for each in peersupport.refused()] == [
            "rulebook 'nebraska-dbh': is registered by pier-rules, and the package has it (give it another name)"
        ]

    def test_what_is_no_name(self, site: Install) -> None:
        """Names are those of rulebooks."""
        site("pier-rules", {"The Pier": "pier"}, {"pier/__init__.py": ""})
        assert [str(each) for each in peersupport.refused()] == [
            "rulebook 'The Pier': is registered by pier-rules under no name (small letters, digits, _ and -)"
        ]
        assert "The Pier" not in peersupport.available()

    @pytest.mark.parametrize(
        ("value", "files", "told"),
        [
            ("nowhere", {}, "is registered by pier-rules, and nowhere cannot be read: ModuleNotFoundError: No module"),
            ("pier", {"pier/__init__.py": "1 / 0"}, "and pier cannot be read: ZeroDivisionError: division by zero"),
            ("pier:rules", {"pier/__init__.py": ""}, "and pier:rules cannot be read: FileNotFoundError"),
            ("pier", {"pier/other.toml": text("other")}, "and pier has no file pier.toml (ask who makes pier-rules)"),
            ("pier", {"pier/pier.toml": "["}, "pier-rules: pier.toml: not TOML"),
            ("pier", {"pier/pier.toml": text("other")}, "pier-rules: pier.toml, rulebook: is 'other', and the file is"),
            ("pier", {"pier/pier@2.toml": text("pier")}, "pier@2.toml, version: is '1', and the file is called pier@2"),
        ],
    )
    def test_a_broken_one_breaks_only_its_own_name(
        self, site: Install, value: str, files: dict[str, str], told: str
    ) -> None:
        """It is listed, since nothing of it is read before; asked for, it says what is wrong and whose it is."""
        site("pier-rules", {"pier": value}, files)
        site("quay-rules", {"quay": "quay"}, {"quay/quay.toml": text("quay")})
        assert {"pier", "quay", "nebraska-dbh"} <= {*peersupport.available()}
        (problem,) = problems("pier")
        assert told in problem
        assert peersupport.load("quay").name == "quay"

    def test_a_near_name_is_told_of_all(self, site: Install) -> None:
        """A misspelt name is held against what is installed too."""
        site("pier-rules", {"pier-house": "pier"}, {"pier/pier-house.toml": text("pier-house")})
        assert problems("pier-huose") == [
            "rulebook 'pier-huose': is not in the package (did you mean 'pier-house'?)",
        ]

    def test_a_distribution_without_a_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Metadata that nobody signed is told as that."""
        point = importlib.metadata.EntryPoint("nebraska-dbh", "x", library.GROUP)
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [point] if group else [])
        (problem,) = peersupport.refused()
        assert "is registered by a distribution without a name" in str(problem)


class TestResources:
    """A rulebook is read from a resource of a package, wherever that lies."""

    def test_a_resource(self) -> None:
        """It needs neither a name nor a path, and extends by name."""
        book = peersupport.load(resources.files("peersupport") / "rulebooks" / "nebraska-dbh.toml")
        assert book.digest == peersupport.load("nebraska-dbh").digest

    def test_a_resource_in_an_archive(self, tmp_path: Path) -> None:
        """A file inside a zip is one too."""
        import zipfile  # noqa: PLC0415

        with zipfile.ZipFile(tmp_path / "rules.zip", "w") as made:
            made.writestr("pier.toml", text("pier", more="in_force = { from = 2027-01-01 }"))
        resource = zipfile.Path(tmp_path / "rules.zip") / "pier.toml"
        assert peersupport.load(resource).file == "pier.toml"
        with pytest.raises(InputError, match="pier: is not in force on 2026-12-31"):
            peersupport.load(resource, on=dt.date(2026, 12, 31))
        with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
            peersupport.load(zipfile.Path(tmp_path / "rules.zip") / "none.toml")

    def test_a_file_in_another_encoding(self, tmp_path: Path) -> None:
        """What cannot be read says why."""
        (tmp_path / "pier.toml").write_bytes("title = 'Größe'".encode("latin-1"))
        with pytest.raises(InputError, match=r"pier\.toml: cannot be read: it is not UTF-8"):
            peersupport.load(tmp_path / "pier.toml")


class TestBeside:
    """A file finds what it extends in its own folder, by name, behind what everybody has."""

    def write(self, folder: Path, name: str, base: str) -> Path:
        (folder / f"{name}.toml").write_text(text(name, more=f'extends = "{base}"' if base else ""), encoding="utf-8")
        return folder / f"{name}.toml"

    def test_a_file_of_the_folder(self, tmp_path: Path) -> None:
        """Another file is named as a rulebook is, never by a path."""
        self.write(tmp_path, "pier", "")
        assert peersupport.load(self.write(tmp_path, "quay", "pier")).extends == "pier"
        (problem,) = self.problems(self.write(tmp_path, "quay", "../pier"))
        assert problem.startswith("rulebook '../pier': is not in the package (")

    def test_a_name_of_the_package_comes_first(self, tmp_path: Path) -> None:
        """A file beside it does not stand in for a rulebook of the package."""
        self.write(tmp_path, "nebraska-dbh", "")
        assert len(peersupport.load(self.write(tmp_path, "quay", "nebraska-dbh"))) > 50

    def test_a_file_is_called_as_it_says(self, tmp_path: Path) -> None:
        """A file that another one extends has the name that it is asked for by."""
        (tmp_path / "pier.toml").write_text(text("other"), encoding="utf-8")
        (problem,) = self.problems(self.write(tmp_path, "quay", "pier"))
        assert (
            problem == "pier.toml, rulebook: is 'other', and the file is called pier.toml (write rulebook = \"pier\")"
        )

    @pytest.mark.parametrize("base", ["quay", "pier"])
    def test_a_circle_ends(self, tmp_path: Path, base: str) -> None:
        """A file that extends itself, or one that extends it, is refused at the second layer."""
        self.write(tmp_path, "pier", "quay")
        (problem,) = self.problems(self.write(tmp_path, "quay", base))
        assert problem.endswith("is extended itself, and extends another (at most two layers)")

    def test_three_layers(self, tmp_path: Path) -> None:
        """A base of a base is refused."""
        self.write(tmp_path, "pier", "")
        self.write(tmp_path, "mole", "pier")
        (problem,) = self.problems(self.write(tmp_path, "quay", "mole"))
        assert problem == "quay.toml, extends: mole extends pier itself (at most two layers)"

    def problems(self, file: Path) -> list[str]:
        with pytest.raises(InputError) as caught:
            peersupport.load(file)
        return [str(problem) for problem in caught.value.problems]
