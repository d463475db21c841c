"""A rule in plain words: a term as a phrase, a rule as a few sentences, a rulebook as a page, a finding explained."""

from __future__ import annotations

from peersupport.readers.english.findings import explain, message
from peersupport.readers.english.phrases import clause, noun
from peersupport.readers.english.rules import book, records, rule_text

__all__ = ["book", "clause", "explain", "message", "noun", "records", "rule_text"]
