#!/usr/bin/env python3
"""Taste, mechanised: holds the tree to the rules of CONTRIBUTING.md, and the rules to snippets that break them."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import arrows  # noqa: E402
import checks  # noqa: E402
import sizes  # noqa: E402
from source import File, blank_out, functions, read_tree  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(HERE))


class Tree(unittest.TestCase):
    """The project as it is."""

    @classmethod
    def setUpClass(cls):
        cls.files = read_tree(ROOT)

    def read(self, path):
        with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
            return stream.read()

    def none(self, faults):
        faults = list(faults)
        self.assertFalse(faults, "\n\n" + "\n".join(faults) + "\n")

    def each(self, check):
        self.none(fault for file in self.files for fault in check(file))

    def test_there_are_files_to_look_at(self):
        self.assertGreater(sum(file.is_cpp for file in self.files), 100)

    def test_includes_follow_the_arrows(self):
        self.each(arrows.check_includes)

    def test_libraries_follow_the_arrows(self):
        self.none(arrows.check_cmake("src/CMakeLists.txt", self.read("src/CMakeLists.txt")))

    def test_every_folder_has_arrows(self):
        folders = {file.path.split("/")[1] for file in self.files if file.is_cpp and file.path.startswith("src/")}
        self.assertEqual(folders, set(arrows.MAY_INCLUDE))

    def test_files_and_functions_are_small(self):
        self.none(sizes.check_sizes(self.files, self.read(sizes.RATCHET)))

    def test_only_base_knows_the_clock(self):
        self.each(checks.check_clock)

    def test_headers_are_manuals(self):
        self.each(checks.check_header)

    def test_text_is_clean(self):
        self.each(checks.check_text)

    def test_no_code_is_commented_out(self):
        self.each(checks.check_commented_code)

    def test_nothing_is_tied_to_one_machine(self):
        self.each(checks.check_machine)

    def test_scripts_can_be_run(self):
        self.each(checks.check_script)


class Arrows(unittest.TestCase):
    def faults(self, path, text):
        return arrows.check_includes(File(path, text))

    def test_a_room_may_not_include_its_neighbour(self):
        faults = self.faults("src/alert/evaluator.cpp", '#include "alert/evaluator.h"\n\n#include "store/a.h"\n')
        self.assertEqual(len(faults), 1)
        self.assertTrue(faults[0].startswith("src/alert/evaluator.cpp:3: alert may not include store; "), faults[0])
        self.assertIn("src/service", faults[0])

    def test_doors_know_the_use_cases_alone(self):
        self.assertTrue(self.faults("src/gateway/a.cpp", '#include "catalog/servers.h"\n'))
        self.assertTrue(self.faults("src/telegram/screens/a.h", '#include "gateway/route.h"\n'))
        self.assertFalse(self.faults("src/gateway/a.cpp", '#include "service/servers.h"\n#include "metric/value.h"\n'))

    def test_the_agent_takes_nothing_of_the_hub(self):
        self.assertTrue(self.faults("src/agent/a.cpp", '#include "service/hub.h"\n'))
        self.assertFalse(self.faults("src/agent/a.cpp", '#include "wire/line_writer.h"\n'))

    def test_nothing_points_back(self):
        self.assertTrue(self.faults("src/base/a.h", '#include "metric/value.h"\n'))
        self.assertTrue(self.faults("src/service/a.h", '#include "telegram/bot.h"\n'))

    def test_testing_is_for_tests(self):
        self.assertFalse(self.faults("src/store/a_test.cpp", '#include "testing/fake_clock.h"\n'))
        self.assertTrue(self.faults("src/store/a.cpp", '#include "testing/fake_clock.h"\n'))

    def test_tests_follow_the_arrows_too(self):
        self.assertTrue(self.faults("src/alert/a_test.cpp", '#include "catalog/rules.h"\n'))

    def test_unknown_folders_and_comments(self):
        self.assertIn("no folder", self.faults("src/alert/a.cpp", '#include "nowhere/a.h"\n')[0])
        self.assertIn("new folder", self.faults("src/fresh/a.cpp", '#include "base/text.h"\n')[0])
        self.assertFalse(self.faults("src/alert/a.cpp", '/*\n#include "store/a.h"\n*/\n'))

    def test_what_may_be_included_is_also_linked(self):
        for folder, allowed in arrows.MAY_INCLUDE.items():
            reached, queue = set(), [folder]
            while queue:
                for below in arrows.DEPENDS[queue.pop()]:
                    if below not in reached:
                        reached.add(below)
                        queue.append(below)
            self.assertLessEqual(set(allowed), reached, folder)

    def test_cmake_with_an_arrow_too_many(self):
        good = "\n".join(f"mps_folder({name} DEPENDS {' '.join(to)} LIBS X::x)" if to else f"mps_folder({name})"
                         for name, to in arrows.DEPENDS.items())
        self.assertEqual(arrows.check_cmake("c", good), [])
        bad = good.replace("mps_folder(alert DEPENDS metric", "mps_folder(alert DEPENDS metric store")
        self.assertIn("alert DEPENDS metric store", arrows.check_cmake("c", bad)[0])
        self.assertIn("no mps_folder(wire", arrows.check_cmake("c", good.replace("(wire", "(wires"))[0])


class Sizes(unittest.TestCase):
    def test_functions_are_found_whatever_surrounds_them(self):
        code = blank_out(
            "namespace a {\n"
            "class B {\n public:\n  int c() const { return 1; }\n  int d_{2};\n};\n"
            'std::string e(const std::string& f = "{") {\n  if (f.empty()) {\n    return "}";\n  }\n  return f;\n}\n'
            "B::B(int g) : h_{g}, i_(g) {\n  j();\n}\n"
            "const std::vector<int> k = {1, 2};\n"
            "bool operator==(const B& l, const B& m) {\n  return true;\n}\n"
            "auto n = [](int o) {\n  return o;\n};\n"
            "TEST(P, Q) {\n  R(R\"({)\");\n}\n"
            "auto s() -> int {\n  return 1'000;  // }\n}\n"
            "}  // namespace a\n")
        found = [(name, lines) for name, _, lines in functions(code)]
        self.assertEqual(found, [("c", 1), ("e", 6), ("B::B", 3), ("operator==", 3), ("P.Q", 3), ("s", 3)])

    def long_function(self, lines):
        return File("src/a/b.cpp", "void f() {\n" + "  g();\n" * (lines - 2) + "}\n")

    def test_a_long_function_is_named(self):
        self.assertEqual(sizes.check_sizes([self.long_function(60)], ""), [])
        self.assertIn("f has 61 lines", sizes.check_sizes([self.long_function(61)], "")[0])

    def test_a_long_file_is_named(self):
        self.assertEqual(sizes.check_sizes([File("src/a/b.h", "\n" * 400)], ""), [])
        self.assertIn("401 lines", sizes.check_sizes([File("src/a/b.h", "\n" * 401)], "")[0])
        self.assertEqual(sizes.check_sizes([File("docs/a.md", "\n" * 900)], ""), [])

    def test_the_ratchet_only_turns_one_way(self):
        self.assertEqual(sizes.check_sizes([self.long_function(70)], "70 src/a/b.cpp f\n"), [])
        self.assertIn("may only fall", sizes.check_sizes([self.long_function(71)], "70 src/a/b.cpp f\n")[0])
        self.assertIn("'69 src/a/b.cpp f'", sizes.check_sizes([self.long_function(69)], "70 src/a/b.cpp f\n")[0])
        self.assertIn("take the line out", sizes.check_sizes([self.long_function(9)], "70 src/a/b.cpp f\n")[0])


class Snippets(unittest.TestCase):
    def test_clocks(self):
        for line in ("auto t = std::chrono::system_clock::now();", "std::this_thread::sleep_for(1s);",
                     "::time(nullptr);", "const auto s = time(0);", "clock_gettime(CLOCK_REALTIME, &t);", "usleep(5);"):
            self.assertEqual(len(checks.check_clock(File("src/store/a.cpp", line + "\n"))), 1, line)
            self.assertEqual(len(checks.check_clock(File("tests/a_test.cpp", line + "\n"))), 1, line)
            self.assertEqual(checks.check_clock(File("src/base/clock.cpp", line + "\n")), [], line)
        for line in ("clock_.sleep_for(1s, stop);", "// never system_clock::now()", "point.time(0);",
                     "Time time(Frame f);", 'print("usleep(5)");'):
            self.assertEqual(checks.check_clock(File("src/store/a.cpp", line + "\n")), [], line)

    def test_headers(self):
        self.assertIn("#pragma once", checks.check_header(File("src/a/b.h", "#include <map>\n#pragma once\n"))[0])
        bare = "#pragma once\n\n#include <string>\n\nnamespace a {\n\nclass C;\n\nclass B {\n  int c;  // m\n};\n}\n"
        self.assertIn(":9:", checks.check_header(File("src/a/b.h", bare))[0])
        self.assertEqual(checks.check_header(File("src/a/b.h", bare.replace("class B", "// A b.\nclass B"))), [])
        function = "#pragma once\nstd::string b(int c);\n"
        self.assertEqual(len(checks.check_header(File("src/a/b.h", function))), 1)
        self.assertEqual(checks.check_header(File("src/a/b.h", function.replace("c);", "c);  // of c"))), [])

    def test_text(self):
        for line in ("a\tb", "a ", "// TO" + "DO: later", "# FIX" + "ME"):
            self.assertEqual(len(checks.check_text(File("src/a.cpp", line + "\n"))), 1, line)
        self.assertIn("no newline", checks.check_text(File("src/a.cpp", "a"))[0])
        self.assertEqual(checks.check_text(File("src/a.cpp", "int to_do = 1;\n")), [])

    def test_commented_out_code(self):
        for line in ("// foo(bar);", "  // return x;", "// if (x) {", "// int a = 3;", "// a_ += 2;", "// }",
                     '// #include "a/b.h"', "// std::string name;"):
            self.assertEqual(len(checks.check_commented_code(File("src/a.cpp", line + "\n"))), 1, line)
        for line in ("// Waits for it; then returns.", "//   foo(bar);", "// The queue is full;", "// nothing else;",
                     "// if (a gap) nothing is said", "f();  // g(h);", "// x = y means that x follows",
                     "// Fails with kIo (try again);"):
            self.assertEqual(checks.check_commented_code(File("src/a.cpp", line + "\n")), [], line)

    def test_machines(self):
        for line in ("cd /" + "work/main", '"/ho' + 'me/me/x"', '"resolved": "https://x.example/y.tgz",'):
            self.assertEqual(len(checks.check_machine(File("package-lock.json", line + "\n"))), 1, line)
        for line in ("/var/lib/mps", "disk:/home", "build/work/x", "$HOME/work/x"):
            self.assertEqual(checks.check_machine(File("run", line + "\n")), [], line)

    def test_scripts(self):
        self.assertIn("without a shebang", checks.check_script(File("tools/a.sh", "echo\n", True))[0])
        self.assertIn("chmod +x", checks.check_script(File("run", "#!/bin/sh\n", False))[0])
        self.assertIn("chmod -x", checks.check_script(File("src/a.cpp", "int a;\n", True))[0])
        self.assertEqual(checks.check_script(File("run", "#!/bin/sh\n", True)), [])


if __name__ == "__main__":
    unittest.main()
