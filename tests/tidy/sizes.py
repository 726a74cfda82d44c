"""Sizes, with a ratchet: what is too large today is listed in sizes.txt, and its numbers may only fall."""

from checks import GENERATED
from source import functions

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
RATCHET = "tests/tidy/sizes.txt"


def measure(file):
    """{(path, function or ""): lines} of what is over the limits. Of functions of one name the longest counts."""
    sizes = {}
    if not file.is_source or GENERATED.search(file.path):
        return sizes
    count = len(file.lines)
    if count > FILE_LINES_MAX:
        sizes[(file.path, "")] = count
    if file.path.endswith(".cpp"):
        for name, _, lines in functions(file.code):
            if lines > FUNCTION_LINES_MAX:
                sizes[(file.path, name)] = max(lines, sizes.get((file.path, name), 0))
    return sizes


def parse_ratchet(text):
    """'412 src/a.cpp' is a file, '75 src/a.cpp parse' a function; # begins a comment."""
    entries = {}
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if words:
            entries[(words[1], words[2] if len(words) > 2 else "")] = int(words[0])
    return entries


def check_sizes(files, ratchet_text):
    sizes = {}
    for file in files:
        sizes.update(measure(file))
    listed = parse_ratchet(ratchet_text)
    faults = []
    for key, lines in sorted(sizes.items()):
        path, function = key
        what = f"{path}: {function} has {lines} lines" if function else f"{path}: {lines} lines"
        limit = FUNCTION_LINES_MAX if function else FILE_LINES_MAX
        if key not in listed:
            instead = "give its steps names" if function else "find the two things that it does, and part them"
            faults.append(f"{what}, and {limit} is the most; {instead}.")
        elif lines > listed[key]:
            faults.append(f"{what}, {listed[key]} in {RATCHET}, where numbers may only fall; make it shorter.")
        elif lines < listed[key]:
            faults.append(f"{what}, good; write '{lines} {' '.join(key).strip()}' into {RATCHET}, so that it stays.")
    for key in sorted(set(listed) - set(sizes)):
        faults.append(f"{RATCHET}: '{' '.join(key).strip()}' is not too large any more, or gone; take the line out.")
    return faults
