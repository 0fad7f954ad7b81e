"""Controls of the scripts around the build: what fails says so, and why."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Shell(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cartrelay-shell-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/usr/bin/env bash\n" + text, encoding="utf-8")
        file.chmod(0o755)

    def run_it(self, *command):
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)


class FuzzRun(Shell):
    def fuzz(self, log):
        (self.folder / "tests/fuzz").mkdir(parents=True)
        shutil.copy(ROOT / "tests/fuzz/run", self.folder / "tests/fuzz/run")
        self.write("build/fuzz/tests/fuzz/fuzz_planted", "echo nobody guesses the planted word; exit 77\n")
        self.write("build/fuzz/tests/fuzz/fuzz_session", f"printf '%s' '{log}'; exit 77\n")
        return self.run_it("tests/fuzz/run", "1", "session")

    def test_a_broken_promise_is_told_also_before_anything_was_covered(self):
        for log in ("broken promise: it is whole\n", "#2 INITED cov: 5 ft: 6\nbroken promise: it is whole\n"):
            with self.subTest(log):
                self.setUp()
                told = self.fuzz(log)
                self.assertNotEqual(told.returncode, 0)
                self.assertIn("it is whole", told.stderr)
                self.assertIn("build/fuzz/found/session/", told.stderr)


class Slice(Shell):
    """The bounded steps of continuous integration."""

    def slice(self, command, left=600):
        text = (ROOT / ".ci/run").read_text(encoding="utf-8")
        functions = re.search(r"(?ms)^step\(\).*?^slice\(\).*?^}$", text).group()
        (self.folder / "build/ci").mkdir(parents=True)
        self.write("slice", f"set -euo pipefail\nlimit={left + 1} margin=1\n{functions}\nslice one {command}\necho goes on\n")
        return self.run_it("./slice")

    def test_what_fails_ends_the_run(self):
        self.assertEqual(self.slice("bash -c 'exit 3'").returncode, 3)

    def test_a_command_that_somebody_killed_has_failed(self):
        self.assertEqual(self.slice("bash -c 'kill -KILL $$'").returncode, 137)

    def test_what_holds_goes_on(self):
        self.assertIn("goes on", self.slice("true").stdout)

    def test_running_out_of_time_is_no_failure(self):
        self.write("timeout", "exit 124\n")
        self.assertIn("the time was over", self.slice("true; PATH=.:$PATH slice two true").stdout)


if __name__ == "__main__":
    unittest.main()
