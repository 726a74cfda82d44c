"""The checks of one file each: a File in, sentences out, which say where, what is wrong, and what to do instead."""

import re

GENERATED = re.compile(r"(^|/)package-lock\.json$|^web/dist/|^src/.*/generated/|^fuzz/corpus/")
THIS = "tests/tidy/"  # names what it forbids

# ---- clocks ----------------------------------------------------------------------------------------------------------

CLOCK = re.compile(
    r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b"
    r"|(?<![\w:.>])(?:std)?::time\s*\(|(?<![\w:.>])time\s*\(\s*(?:nullptr|NULL|0|&)"
    r"|\b(?:gettimeofday|clock_gettime|usleep|nanosleep|clock_nanosleep)\s*\("
    r"|\bthis_thread::sleep_(?:for|until)\b"
)


def check_clock(file):
    if not file.is_cpp or not file.path.startswith(("src/", "tests/", "testing/")) or file.path.startswith("src/base/"):
        return []
    faults = []
    for number, line in enumerate(file.code.splitlines(), 1):
        match = CLOCK.search(line)
        if match:
            instead = ("use testing/fake_clock.h, or wait for the event itself"
                       if file.path.endswith("_test.cpp") or not file.path.startswith("src/")
                       else "take an mps::Clock& in the constructor and call its now(), steady_now() or sleep_for()")
            faults.append(f"{file.path}:{number}: '{match.group().strip(' (')}' outside of base/; {instead}.")
    return faults


# ---- headers ---------------------------------------------------------------------------------------------------------

DECLARATION = re.compile(
    r"^(?:template\b.*|class\b(?!.*;\s*$).*|[A-Za-z\[][\w:<>\[\],&*~ ]*\([^;{]*(?:[;{].*)?)$")
NOT_A_DECLARATION = re.compile(r"^\s*(?:#|namespace\b|extern\b|using\b|static_assert\b|\}|BOOST_|$)")


def check_header(file):
    """The first class or function has a comment before it; plain structs of values may speak for themselves."""
    if not file.path.endswith(".h") or GENERATED.search(file.path):
        return []
    lines = file.lines
    code = file.code.splitlines()
    if next((line for line in code if line.strip()), "").strip() != "#pragma once":
        return [f"{file.path}:1: a header begins with '#pragma once'; put it before everything but a comment."]
    commented = False
    for number, (line, bare) in enumerate(zip(lines, code), 1):
        commented = commented or "//" in line or "/*" in line
        if NOT_A_DECLARATION.match(bare):
            continue
        if DECLARATION.match(bare) and not commented:
            return [f"{file.path}:{number}: nothing is said before this; the header is the manual: say in a comment "
                    "what it promises, its units, who owns what, from which threads it may be used, and how it fails."]
        if commented:
            return []
    return []


# ---- text ------------------------------------------------------------------------------------------------------------

LATER = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
TABS_ALLOWED = re.compile(r"(^|/)(Makefile|\.gitmodules)$|\.tsv$|\.patch$|\.lp$|/fixtures/|/golden/.*\.(txt|csv)$")


def check_text(file):
    if GENERATED.search(file.path):
        return []
    faults = []
    for number, line in enumerate(file.text.split("\n"), 1):
        where = f"{file.path}:{number}: "
        if not file.path.startswith(THIS) and LATER.search(line):
            faults.append(where + f"'{LATER.search(line).group()}': do it now, or leave it out of the code.")
        if TABS_ALLOWED.search(file.path):
            continue
        if "\t" in line:
            faults.append(where + "a tab; indent with spaces, and write \\t where a text needs one.")
        if line != line.rstrip():
            faults.append(where + "blanks at the end of the line; take them away.")
    if file.text and not file.text.endswith("\n"):
        faults.append(f"{file.path}: no newline at the end of the file; add it.")
    return faults


CODE_IN_COMMENT = re.compile(
    r"^(?:"
    r"[A-Za-z_][\w:.\->\[\]]*\([^;]*\)(?:\.\w+\(.*\))*;"                          # call(x);
    r"|(?:const\s+|constexpr\s+|static\s+)*[A-Za-z_][\w:<>,&*]*\s+[A-Za-z_]\w*\s*(?:=[^=].*|\{.*\});"   # type name = x;
    r"|(?:const\s+)?(?:(?:unsigned|int|bool|char|float|double|auto|size_t)|\w+::[\w:<>,&*]+)\s+\w+;"        # type name;
    r"|[A-Za-z_][\w.\->\[\]]*\s*(?:[-+*/|&^]|<<|>>)?=[^=].*;"                     # x = y;
    r"|return\b.*;|(?:if|for|while|switch)\s*\(.*\)\s*\{?|\}\s*(?:else\b.*)?"
    r"|\#\s*(?:include|if|ifdef|define)\b.*"
    r")$")


def check_commented_code(file):
    """Prose ends in full stops; a comment that reads as a statement is code put aside. Examples are indented."""
    if not file.path.endswith((".cpp", ".h", ".js", ".mjs", ".ts")) or GENERATED.search(file.path):
        return []
    faults = []
    code = file.code.splitlines()
    for number, line in enumerate(file.lines, 1):
        match = re.match(r"^\s*// ?(\S.*)$", line)
        if match and not code[number - 1].strip() and CODE_IN_COMMENT.match(match.group(1).strip()):
            faults.append(f"{file.path}:{number}: '{match.group(1).strip()}' looks like code that was commented out; "
                          "delete it (git remembers), or indent it by three spaces where it is an example.")
    return faults


# ---- machines and registries -----------------------------------------------------------------------------------------

MACHINE_PATH = re.compile(r"(?<![\w.$}~/-])/(?:work|root|Users/\w+|home/\w+)/[\w.]")
REGISTRY = re.compile(r'"resolved"\s*:|\bregistry\.(?:npmjs|yarnpkg)\b|\bfiles\.pythonhosted\b|^\s*registry\s*=', re.M)


def check_machine(file):
    faults = []
    if file.path.startswith(THIS):
        return faults
    for number, line in enumerate(file.lines, 1):
        where = f"{file.path}:{number}: "
        match = MACHINE_PATH.search(line)
        if match:
            faults.append(where + f"'{match.group()}...' is a folder of one machine; take the path from an option, the "
                          "environment, or the place of the file itself.")
        if REGISTRY.search(line):
            faults.append(where + "names a package registry; set omit-lockfile-registry-resolved=true in .npmrc and "
                          "make the lock file again, so that each machine uses its own registry.")
            if file.path.endswith("package-lock.json"):
                break
    return faults


SCRIPT = re.compile(r"\.sh$|^(run|test)$|^\.ci/[^.]+$|^tools/[^./]+$")


def check_script(file):
    has_shebang = file.text.startswith("#!")
    if SCRIPT.search(file.path) and not has_shebang:
        return [f"{file.path}:1: a script without a shebang; begin it with '#!/usr/bin/env bash'."]
    if has_shebang and not file.executable:
        return [f"{file.path}: begins with a shebang but can't be executed; chmod +x {file.path}."]
    if file.executable and not has_shebang:
        return [f"{file.path}: is executable but has no shebang; add one, or chmod -x {file.path}."]
    return []
