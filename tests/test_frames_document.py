"""The document of the frame reader names every verdict, reason and detail; links between pages lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from peersupport import Reason, Verdict
from peersupport.readers.columns import DETAILS
from peersupport.readers.columns.outcomes import VERDICTS

DOCS: Final = Path(__file__).parents[1] / "docs"
DOCUMENT: Final = (DOCS / "frames.md").read_text(encoding="utf-8")
PAGES: Final = sorted(DOCS.glob("*.md"))


def test_every_code_has_its_verdict() -> None:
    """The codes of the document are those that frames hold."""
    told = re.findall(r"^\| (\d) \| `(\w+)` \|", DOCUMENT, flags=re.MULTILINE)
    assert told == [(str(code), verdict.value) for code, verdict in enumerate(VERDICTS)]
    assert {verdict for _, verdict in told} == {each.value for each in Verdict}


def test_every_reason_is_explained_once() -> None:
    """A reason that a frame can hold has its line."""
    part = DOCUMENT.partition("### Reasons")[2].partition("### ")[0]
    told = re.findall(r"^\| (?:`\w+`)? ?\| `(\w+)` \|", part, flags=re.MULTILINE)
    assert sorted(told) == sorted(each.value for each in Reason)


def test_every_detail_is_explained() -> None:
    """What `tell` takes stands in the document."""
    assert [detail for detail in DETAILS if f"`{detail}`" not in DOCUMENT] == ["verdict"]


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_to_a_heading(page: Path) -> None:
    """A link to another page, or to a part of one, finds it."""
    for name, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", page.read_text(encoding="utf-8")):
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        assert not anchor or anchor in anchors(target), f"{name}#{anchor}"
