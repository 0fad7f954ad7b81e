"""Controls of the script lint: what a browser reads, and what it does not."""

import shutil
import unittest

import script


class dashboard_script(unittest.TestCase):
    def test_the_pieces_are_those_of_the_recipe(self):
        self.assertEqual(script.pieces("read_bytes(page page.html)\nread_bytes(script a.js b.js)\n"), ["a.js", "b.js"])

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_what_a_browser_reads_passes(self):
        self.assertEqual(script.faults(['"use strict";\nconst a = (b) => b ?? document;\n', "async function c() { await a?.(1); }\n"]), [])

    @unittest.skipUnless(shutil.which("node"), "node is not installed")
    def test_slips_are_found(self):
        for texts in (["const a = (1;\n"], ["if (1) {\n"], ["const a = 1;\n", "const a = 2;\n"], ["function a() { await b(); }\n"]):
            self.assertEqual(len(script.faults(texts)), 1, texts)


if __name__ == "__main__":
    unittest.main()
