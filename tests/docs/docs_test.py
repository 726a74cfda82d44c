#!/usr/bin/env python3
"""The documents, held to the project: links lead somewhere, what stands in an `sh` block works when it is typed, the
table of options is that of the programs.

    MPS_BIN_DIR=build/release tests/docs/docs_test.py
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("MPS_BIN_DIR", ROOT / "build/release")).resolve()
IGNORED = {"build", "node_modules", ".git"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def documents():
    for path in sorted(ROOT.rglob("*.md")):
        if not IGNORED & set(path.relative_to(ROOT).parts):
            yield path


def blocks(text, language):
    return [body for name, body in BLOCK.findall(text) if name == language]


def anchors(text):
    """As GitHub makes them of headings."""
    for heading in re.findall(r"^#+ +(.*)$", BLOCK.sub("", text), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def faulty_links(path, text):
    for target in LINK.findall(BLOCK.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file) if file else path
        if not place.exists():
            yield f"{path.relative_to(ROOT)}: there is no {target}"
        elif anchor and place.suffix == ".md" and anchor not in set(anchors(place.read_text())):
            yield f"{path.relative_to(ROOT)}: {file or 'it'} has no heading #{anchor}"


class Links(unittest.TestCase):
    def test_lead_somewhere(self):
        found = list(documents())
        self.assertGreater(len(found), 10)
        self.assertEqual([fault for path in found for fault in faulty_links(path, path.read_text())], [])

    def test_a_wrong_one_is_seen(self):
        page = ROOT / "README.md"
        self.assertEqual(len(list(faulty_links(page, "[a](docs/none.md) [b](#nowhere) [c](https://example.org)"))), 2)


class Hub:
    """Of one document, in a folder of its own."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mps-docs-"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MPS_")}
        self.environment = {**kept, "MPS_DATA": str(self.folder / "data"), "PATH": f"{BIN}:{os.environ['PATH']}"}
        self.program = subprocess.Popen(["mps", "serve", "--listen", "127.0.0.1:0"], env=self.environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.url = re.search(r"http://\S+", self.program.stdout.readline())[0]
        return self

    def __exit__(self, *_):
        self.program.send_signal(signal.SIGTERM)
        self.program.communicate(timeout=60)
        shutil.rmtree(self.folder)

    def run(self, script):
        script = script.replace("http://127.0.0.1:8080", self.url)
        return subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=self.environment, cwd=self.folder,
                              capture_output=True, text=True, timeout=120)


class Commands(unittest.TestCase):
    def check(self, name):
        scripts = blocks((ROOT / "docs" / name).read_text(), "sh")
        self.assertGreater(len(scripts), 1)
        with Hub() as hub:
            for script in scripts:
                done = hub.run(script)
                self.assertEqual(done.returncode, 0, f"{name}:\n{script}\n{done.stdout}{done.stderr}")

    def test_of_the_quickstart_work(self):
        self.check("quickstart.md")

    def test_about_telegraf_work(self):
        self.check("telegraf.md")

    def test_of_troubleshooting_work(self):
        self.check("troubleshooting.md")

    def test_a_broken_one_is_seen(self):
        with Hub() as hub:
            self.assertNotEqual(hub.run("mps server list | false\nmps status").returncode, 0)


class Configuration(unittest.TestCase):
    def test_the_table_is_that_of_the_programs(self):
        made = subprocess.run([ROOT / "tools/configuration", BIN, "--print"], capture_output=True, text=True, check=True)
        self.assertEqual((ROOT / "docs/configuration.md").read_text(), made.stdout, "run tools/configuration")

    def test_toml_can_be_read(self):
        examples = [text for path in documents() for text in blocks(path.read_text(), "toml")]
        self.assertGreater(len(examples), 3)
        for example in examples:
            tomllib.loads(example)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
