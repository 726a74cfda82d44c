"""The rows of docs/line-protocol.md, as rules: does this difference fall under one of them?"""

import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "line-protocol.md"


def holds(pattern):
    return lambda body: re.search(pattern, body) is not None


def has_a_lone_quote(body):
    """A quote that is not around the text of a field."""
    return b'"' in re.sub(rb'="(?:[^"\\]|\\.)*"(?=[,\s]|$)', b"", body, flags=re.DOTALL)


# A row, and whether the body of a difference may fall under it.
RULES = [
    ("CRLF", holds(rb"\r")),
    ("tabs", holds(rb"\t")),
    ("unsigned integers", holds(rb"=-?\d+u")),
    ("`time`", holds(rb"[ ,]time=")),
    ("a tag value that begins with `=`", holds(rb"==")),
    ("backslashes before an escape", holds(rb"\\\\[,= ]")),
    ("a backslash at the end of a line", holds(rb"\\\n")),
    ("comments", holds(rb'(?:^|\n) *#[^\n]*"')),
    ('`\\"` in a name', holds(rb'(?:^|[\n ,])(?:\\[^"]|[^=" \n\\])+\\"')),
    ("quotes that open or close no text", has_a_lone_quote),
]


def rows_of_the_docs():
    """The first cells of the tables."""
    return {cells[1].strip() for cells in (line.split("|") for line in DOCS.read_text().splitlines()) if len(cells) > 3}


def rows_for(body):
    """The rows that a difference over this body may fall under."""
    return [row for row, may in RULES if may(body)]
