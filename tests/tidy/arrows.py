"""Who may include whom. The arrows of docs/architecture.md, held against includes and against src/CMakeLists.txt."""

import re

# A folder of src/ -> the folders that it links to directly: the DEPENDS of src/CMakeLists.txt.
DEPENDS = {
    "base": [],
    "metric": ["base"],
    "wire": ["metric"],
    "store": ["metric"],
    "catalog": ["metric"],
    "forecast": ["metric"],
    "alert": ["metric"],
    "chart": ["metric"],
    "service": ["wire", "store", "catalog", "forecast", "alert", "chart"],
    "gateway": ["service"],
    "telegram": ["service"],
    "agent": ["wire"],
    "app": ["gateway", "telegram"],
}

ROOMS = ("wire", "store", "catalog", "forecast", "alert", "chart")

# A folder of src/ -> the folders that it may include, besides itself. Narrower than what it links to: the doors know
# the use cases of service/, not the rooms behind them.
MAY_INCLUDE = {
    "base": [],
    "metric": ["base"],
    **{room: ["base", "metric"] for room in ROOMS},
    "service": ["base", "metric", *ROOMS],
    "gateway": ["base", "metric", "service"],
    "telegram": ["base", "metric", "service"],
    "agent": ["base", "metric", "wire"],
    "app": ["base", "metric", *ROOMS, "service", "gateway", "telegram"],
}

WHAT_TO_DO = {
    "base": "base knows nothing of servers or metrics: pass plain values in, or move the code to where it belongs",
    "metric": "metric is values without I/O: move the code to the folder that does the I/O",
    **{room: "rooms know base and metric alone: have src/service fetch it and pass values in" for room in ROOMS},
    "service": "let service declare the interface that it needs, and the folder above implement it",
    "gateway": "ask a use case of src/service for it; add one where there is none",
    "telegram": "ask a use case of src/service for it; add one where there is none",
    "agent": "the agent must stay tiny: base, metric and wire are all that it has",
    "app": "mps-agent is another program: share the code through a folder below",
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"/]+)/[^"]*"', re.M)


def includes(file):
    """(line, folder, whole line) of each #include "folder/..."; commented-out ones do not count."""
    code = file.code.splitlines()
    for number, line in enumerate(file.lines, 1):
        match = INCLUDE.match(line)
        if match and "#" in code[number - 1]:
            yield number, match.group(1), line.strip()


def check_includes(file):
    if not file.is_cpp:
        return []
    faults = []
    parts = file.path.split("/")
    folder = parts[1] if parts[0] == "src" and len(parts) > 2 else None
    is_test = file.path.endswith("_test.cpp") or parts[0] in ("testing", "tests", "bench", "fuzz")
    for number, target, line in includes(file):
        where = f"{file.path}:{number}: "
        if target == "testing":
            if not is_test:
                faults.append(where + "only *_test.cpp may include testing/; move what the program needs into src/.")
        elif folder is None or target == folder:
            continue
        elif folder not in MAY_INCLUDE:
            faults.append(where + f"src/{folder} is a new folder: say in tests/tidy/arrows.py and docs/architecture.md "
                          "what it may include.")
        elif target not in MAY_INCLUDE:
            faults.append(where + f'{line}: there is no folder src/{target}; write "folder/file.h" as seen from src/.')
        elif target not in MAY_INCLUDE[folder]:
            faults.append(where + f"{folder} may not include {target}; {WHAT_TO_DO[folder]}.")
    return faults


FOLDER_RULE = re.compile(r"^\s*mps_folder\(\s*(\w+)\s*([^)]*)\)", re.M)


def parse_cmake(text):
    """Folder -> DEPENDS, from the mps_folder lines."""
    found = {}
    for name, arguments in FOLDER_RULE.findall(re.sub(r"#[^\n]*", "", text)):
        words = arguments.split()
        depends = []
        if "DEPENDS" in words:
            for word in words[words.index("DEPENDS") + 1:]:
                if word.isupper():
                    break
                depends.append(word)
        found[name] = depends
    return found


def check_cmake(path, text):
    found = parse_cmake(text)
    faults = []
    for folder in sorted(set(DEPENDS) | set(found)):
        if folder not in found:
            faults.append(f"{path}: there is no mps_folder({folder} ...); add it, or take {folder} out of "
                          "tests/tidy/arrows.py.")
        elif folder not in DEPENDS:
            faults.append(f"{path}: mps_folder({folder} ...) is new: say in tests/tidy/arrows.py and "
                          "docs/architecture.md what it may include.")
        elif sorted(found[folder]) != sorted(DEPENDS[folder]):
            faults.append(f"{path}: {folder} DEPENDS {' '.join(found[folder]) or 'nothing'}, but its arrows are "
                          f"{' '.join(DEPENDS[folder]) or 'none'}; link to those, and move the code that needs more.")
    return faults
