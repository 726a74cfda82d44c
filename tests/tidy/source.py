"""What the checks need to know of a file: its text, its text without comments and strings, its functions."""

import os
import re
import subprocess

CPP = (".cpp", ".h")
SOURCES = CPP + (".py", ".js", ".mjs", ".cjs", ".ts", ".css", ".html", ".sh", ".cmake")
IGNORED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".ccache", "data", "data-demo"}


class File:
    """One file of the project; `path` is relative to its root, with slashes."""

    def __init__(self, path, text, executable=False):
        self.path = path
        self.text = text
        self.executable = executable
        self._code = None

    @property
    def lines(self):
        return self.text.splitlines()

    @property
    def code(self):
        """The text with comments and literals blanked out, line for line."""
        if self._code is None:
            self._code = blank_out(self.text)
        return self._code

    @property
    def is_cpp(self):
        return self.path.endswith(CPP)

    @property
    def is_source(self):
        return self.path.endswith(SOURCES) or self.text.startswith("#!")


LITERAL = re.compile(
    r"""//(?:[^\n\\]|\\.|\\\n)*            # a comment to the end of the line
      | /\*.*?\*/
      | R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"
      | "(?:[^"\\\n]|\\.|\\\n)*"
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'   # not the separator of 1'000
    """,
    re.VERBOSE | re.DOTALL,
)


def blank_out(text):
    """Comments become spaces, literals a pair of quotes and spaces: columns and lines stay where they are."""

    def blank(match):
        found = match.group()
        inside = re.sub(r"[^\n]", " ", found)
        return inside if found[0] == "/" else '"' + inside[1:-1] + '"'

    return LITERAL.sub(blank, text)


NOT_A_FUNCTION = re.compile(r"^\s*(?:inline\s+)?(?:namespace|extern)\b|^[^(]*\b(?:class|struct|union|enum)\b[^()]*$")
BEFORE_A_BODY = {"const", "noexcept", "override", "final", "try", "mutable"}
NAME = re.compile(r"(operator\s*[^\s\w]+|operator\s+\w+|~?[A-Za-z_]\w*(?:::~?[A-Za-z_]\w*)*)\s*\(")


def is_function(header):
    """Whether what stands before a brace at namespace or class scope begins a function's body."""
    if NOT_A_FUNCTION.search(header) or "(" not in header:
        return False
    outside = header
    while True:  # what remains when every pair of parentheses is taken out
        shorter = re.sub(r"\([^()]*\)", " ", outside)
        if shorter == outside:
            break
        outside = shorter
    outside = re.sub(r"operator\s*(?:<=>|[-+*/|&^=!<>]=|=)", "operator", outside)
    return not re.search(r"(?<![=!<>])=(?!=)", outside)


def is_member_initializer(header):
    """Foo::Foo() : a_{1} ... : the brace belongs to a_, not to the body."""
    last = re.search(r"(\w+)\s*$", header)
    return bool(re.search(r"\)\s*(?:noexcept\s*)?:(?!:)", header) and last and last.group(1) not in BEFORE_A_BODY)


def name_of(header):
    test = re.search(r"\b(?:TYPED_)?TEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)", header)
    if test:
        return f"{test.group(1)}.{test.group(2)}"
    match = NAME.search(header)
    return re.sub(r"\s+", "", match.group(1)) if match else "?"


def functions(code):
    """(name, first line, lines of the body with its header) of every function in blanked-out C++."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group()), code, flags=re.M)
    found = []
    stack = []  # of (kind, header, line); kind: scope, function, inside, initializer
    header_from = 0
    line = 1
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == ";" and (not stack or stack[-1][0] == "scope"):
            header_from = at + 1
        elif char == "{":
            outer = stack[-1][0] if stack else "scope"
            header = code[header_from:at]
            if outer != "scope":
                stack.append(("inside", "", line))
            elif is_member_initializer(header):
                stack.append(("initializer", header, line))
            elif is_function(header):
                begins = re.sub(r"^\s*(?:(?:public|protected|private)\s*:\s*)*", "", header)
                stack.append(("function", header, line - begins.count("\n")))
            elif "=" in header or "(" in header:
                stack.append(("inside", "", line))
            else:
                stack.append(("scope", header, line))
                header_from = at + 1
        elif char == "}" and stack:
            kind, header, begin = stack.pop()
            if kind == "function":
                found.append((name_of(header), begin, line - begin + 1))
            if kind != "initializer" and (not stack or stack[-1][0] == "scope"):
                header_from = at + 1
    return found


def listed_by_git(root):
    """What git tracks or would track; nothing where there is no git."""
    try:
        listing = subprocess.run(
            ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return None
    return [path for path in listing.split("\0") if path]


def walked(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in IGNORED_FOLDERS]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")


def read_tree(root):
    """Every text file of the project, sorted by path."""
    files = []
    for path in sorted(set(listed_by_git(root) or walked(root))):
        full = os.path.join(root, path)
        if not os.path.isfile(full) or os.path.islink(full):
            continue
        with open(full, "rb") as stream:
            content = stream.read()
        if b"\0" in content:
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError:
            continue
        files.append(File(path, text, os.access(full, os.X_OK)))
    return files
