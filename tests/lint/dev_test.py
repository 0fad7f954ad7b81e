#!/usr/bin/env python3
"""The one script of the house does nothing for who only asks what it would do, or asks what it does not know."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

DEV = pathlib.Path(__file__).resolve().parents[2] / "dev"


class Dev(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cartrelay-dev-"))
        self.addCleanup(shutil.rmtree, folder)
        self.dev = shutil.copy(DEV, folder)
        self.built = folder / "build"
        self.built.mkdir()

    def run_it(self, *arguments):
        return subprocess.run([self.dev, *arguments], capture_output=True, text=True, check=False, timeout=60)

    def test_help_of_a_command_carries_nothing_out(self):
        for asked in ("--help", "-h"):
            self.assertRegex(self.run_it("clean", asked).stdout, "^clean +remove build/\n$")
            self.assertRegex(self.run_it("test", "-R", "queue", asked).stdout, "^test ")
        self.assertTrue(self.built.exists())

    def test_clean_takes_no_arguments(self):
        self.assertEqual(self.run_it("clean", "release").returncode, 1)
        self.assertTrue(self.built.exists())
        self.assertEqual(self.run_it("clean").returncode, 0)
        self.assertFalse(self.built.exists())

    def test_words_that_a_command_does_not_know_are_refused(self):
        for words in ("lint nonsense", "format --check", "format-check a.cpp", "check all", "build dev release", "deps nonsense",
                      "fuzz --minutes abc", "fuzz --seconds", "fuzz --hours 1"):
            with self.subTest(words):
                refused = self.run_it(*words.split())
                self.assertEqual((refused.returncode, refused.stdout), (1, ""))
                self.assertRegex(refused.stderr, "dev: ")

    def test_packages_that_cannot_be_read_are_a_failure(self):
        self.assertNotEqual(self.run_it("deps").returncode, 0)

    def test_a_link_leads_to_the_project(self):
        elsewhere = self.built.parent / "bin"
        (elsewhere / "build").mkdir(parents=True)
        (elsewhere / "dev").symlink_to(self.dev)
        self.dev = elsewhere / "dev"
        self.assertEqual(self.run_it("clean").returncode, 0)
        self.assertTrue((elsewhere / "build").exists())
        self.assertFalse(self.built.exists())

    def test_every_command_has_help(self):
        listed = [line.split()[0] for line in self.run_it().stdout.splitlines()[2:]]
        self.assertIn("format-check", listed)
        for command in listed:
            lines = self.run_it(command, "--help").stdout.splitlines()
            self.assertEqual([line.split()[0] for line in lines], [command])


if __name__ == "__main__":
    unittest.main()
