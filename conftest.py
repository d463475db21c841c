"""How the tests run: the Python examples of the documents are tests too, and no test is late on a slow machine."""

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"]).pytest()
