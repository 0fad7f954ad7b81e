"""Controls of the tidiness lint: each rule refuses what it must and passes what it should."""

import unittest

import tidiness

MARK = "TO" + "DO"


class tidiness_rules(unittest.TestCase):
    def test_length(self):
        self.assertEqual(tidiness.text_faults("lib/a/b.cpp", "x\n" * 400), [])
        self.assertRegex(tidiness.text_faults("lib/a/b.cpp", "x\n" * 401)[0], "401 lines")
        self.assertTrue(tidiness.text_faults("dev", "x\n" * 401))
        self.assertEqual(tidiness.text_faults("docs/a.md", "x\n" * 401), [])

    def test_leftovers(self):
        self.assertRegex(tidiness.text_faults("a.md", f"fine\n// {MARK}: later\n")[0], "^a.md:2: a leftover")
        self.assertEqual(tidiness.text_faults("a.md", f"{MARK}S and {MARK.lower()} are words\n"), [])

    def test_machine_paths(self):
        for path in ("/home/" + "ann/x", "/ro" + "ot/x", "/Use" + "rs/ann", "=/wo" + "rk/x"):
            with self.subTest(path):
                self.assertTrue(tidiness.text_faults("a.md", f"see {path}\n"))
        self.assertEqual(tidiness.text_faults("a.md", "/var/lib/cartrelay https://x.test/home/page $x/home/page\n"), [])

    def test_line_ends(self):
        self.assertTrue(tidiness.text_faults("a.cpp", "x \n"))
        self.assertTrue(tidiness.text_faults("a.cpp", "x"))

    def test_headers(self):
        self.assertEqual(tidiness.header_faults("a.hpp", "// why\n#pragma once\n// using namespace std\n"), [])
        self.assertTrue(tidiness.header_faults("a.hpp", "#include <a>\n#pragma once\n"))
        self.assertTrue(tidiness.header_faults("a.hpp", ""))
        self.assertTrue(tidiness.header_faults("a.hpp", "#pragma once\nusing\n  namespace std;\n"))

    def test_memory_is_given_back(self):
        asked = "if (a.text.capacity() > most) "
        self.assertRegex(tidiness.memory_faults("a.cpp", f"{asked}\na.text = {{}};\n")[0], "^a.cpp:2: text keeps")
        self.assertEqual(tidiness.memory_faults("a.cpp", f"{asked}base::release(a.text);\nother = {{}};\n"), [])

    def test_own_header_first(self):
        headers = {"lib/a/b.hpp", "daemon/b.hpp"}
        self.assertEqual(tidiness.own_header_faults("lib/a/b.cpp", '#include "a/b.hpp"\n#include <x>\n', headers), [])
        self.assertEqual(tidiness.own_header_faults("lib/a/c.cpp", "#include <x>\n", headers), [])
        self.assertEqual(tidiness.own_header_faults("daemon/b.cpp", '#include "b.hpp"\n', headers), [])
        self.assertTrue(tidiness.own_header_faults("lib/a/b.cpp", '#include <x>\n#include "a/b.hpp"\n', headers))
        self.assertTrue(tidiness.own_header_faults("lib/a/b.cpp", "", headers))

    def test_registration(self):
        lists = {"lib/a/CMakeLists.txt": "cartrelay_module(a SOURCES b.cpp v/c.cpp)"}
        self.assertEqual(tidiness.unregistered(lists, ["lib/a/b.cpp", "lib/a/v/c.cpp"]), [])
        for path in ("lib/a/c.cpp", "lib/a/v/b.cpp", "lib/b/b.cpp", "lib/a/ab.cpp"):
            with self.subTest(path):
                self.assertTrue(tidiness.unregistered(lists, [path]))
        self.assertTrue(tidiness.unregistered({"lib/a/CMakeLists.txt": "# b.cpp is not built\n"}, ["lib/a/b.cpp"]))

    def test_registration_of_python_tests(self):
        for text in ("add_test(COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/b_test.py)",
                     "foreach(name a b)\nadd_test(COMMAND python3 ${CMAKE_CURRENT_SOURCE_DIR}/${name}_test.py)",
                     "add_test(COMMAND python3 -m unittest discover -p *_test.py)"):
            with self.subTest(text):
                self.assertEqual(tidiness.unregistered({"tests/a/CMakeLists.txt": text}, ["tests/a/b_test.py"]), [])
        for text in ("", "b", "foreach(name a)\n${name}_test.py", "ab_test.py", "# b_test.py"):
            with self.subTest(text):
                self.assertTrue(tidiness.unregistered({"tests/a/CMakeLists.txt": text}, ["tests/a/b_test.py"]))

    def test_links(self):
        exists = {"docs/b.md", "c"}.__contains__
        self.assertEqual(tidiness.link_faults("docs/a.md", "[x](b.md#y) [x](../c) [x](https://d) [x](#e)", exists), [])
        self.assertTrue(tidiness.link_faults("docs/a.md", "[x](c)", exists))


if __name__ == "__main__":
    unittest.main()
