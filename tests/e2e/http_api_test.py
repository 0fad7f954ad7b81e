#!/usr/bin/env python3
"""docs/http-api.md tells the truth: every example is run, and what comes back has the status, the headers and the members that stand there.

It also has every path that the listeners answer to, and docs/operations.md every metric.
"""
import json
import os
import pathlib
import re
import subprocess

import harness

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/http-api.md").read_text(encoding="utf-8")
METRICS = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("\n## Metrics\n")[2].partition("\n## ")[0]
EXAMPLE = re.compile(r"```sh\n(curl .*?)```\n\n```http\n(.*?)```", re.DOTALL)
FAST = 'retry = { initial = "50ms", max = "200ms", max_age = "72h" }\n'
INGEST_TOKEN = "t0ken-of-the-shop-0123456789abcdef"


def fewer(documented, real, at=""):
    """What the page has and the answer has not; in lists, the first entry stands for all. Texts and numbers need only be of a kind."""
    if isinstance(documented, dict):
        if not isinstance(real, dict):
            return [f"{at}: no object"]
        return [fault for name, value in documented.items()
                for fault in (fewer(value, real[name], f"{at}/{name}") if name in real else [f"{at}/{name}: not there"])]
    if isinstance(documented, list):
        if not isinstance(real, list) or (documented and not real):
            return [f"{at}: no list, or an empty one"]
        return fewer(documented[0], real[0], at + "/0") if documented else []
    if documented is None or real is None:
        return []
    if isinstance(documented, str) and documented.startswith("{") and isinstance(real, str):
        sent, shown = json.loads(real), json.loads(documented)
        return fewer(shown, sent, at) + fewer(sent, shown, at)
    number = (int, float)
    same = isinstance(real, number) if isinstance(documented, number) and not isinstance(documented, bool) else type(documented) is type(real)
    return [] if same else [f"{at}: {documented!r} on the page, {real!r} in the answer"]


def parse(text):
    head, _, body = text.partition("\n\n")
    status, *fields = head.strip().splitlines()
    return int(status.split()[1]), dict(line.split(": ", 1) for line in fields), json.loads(body) if body.strip() else None


class HttpApi(harness.EndToEnd):
    def run_example(self, command, daemon):
        command = command.replace("curl -i", "curl -s -S -i --noproxy '*'", 1)
        command = command.replace("127.0.0.1:8470", f"127.0.0.1:{daemon.ingest.port}").replace("127.0.0.1:8471", f"127.0.0.1:{daemon.admin.port}")
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60,
                              env={**os.environ, "INGEST_TOKEN": INGEST_TOKEN, "ADMIN_TOKEN": daemon.token})
        answer = done.stdout.replace("\r\n", "\n")
        if "text/plain" in answer:
            head = answer.partition("\n\n")[0]
            return parse(head)
        return parse(answer)

    def test_every_example(self):
        with open(os.path.join(self.folder, "ingest.secret"), "w", encoding="utf-8") as out:
            out.write(INGEST_TOKEN)
        daemon = harness.Daemon(self.folder, self.sandbox, ("releva", "esputnik", "rokt"), per_kind={
            "releva": FAST + 'batch = { linger = "0ms" }\n', "esputnik": FAST, "rokt": FAST},
            ingest=f'tokens = [{{ file = "{self.folder}/ingest.secret" }}]\n')
        self.addCleanup(lambda: daemon.process and daemon.process.end())
        daemon.start()
        self.sandbox.fail(vendor="rokt", action="status", status=400, body='{"error":"unknown session"}', times=1)
        self.sandbox.fail(vendor="rokt", action="status", status=503)
        examples = EXAMPLE.findall(PAGE)
        self.assertGreater(len(examples), 14)
        self.assertEqual(len(examples), PAGE.count("```sh\ncurl"), "an example without its answer")
        for command, documented in examples:
            status, fields, body = parse(documented)
            with self.subTest(command.splitlines()[0]):
                real_status, real_fields, real = self.run_example(command, daemon)
                self.assertEqual(real_status, status, real)
                for name, value in fields.items():
                    self.assertEqual(real_fields.get(name), value, name)
                self.assertEqual(fewer(body, real) if body is not None else [], [], real)
                if "errors" in (body or {}):
                    self.assertEqual([each["pointer"] for each in real["errors"]], [each["pointer"] for each in body["errors"]])
            if '"paid-1234", "source"' in command:
                harness.eventually(lambda: daemon.destination("rokt")["dead_letters"] == 1, "the dead letter")
                for name in ("releva", "esputnik"):
                    harness.eventually(lambda name=name: daemon.destination(name)["delivered_total"] == 1, f"{name} to have it")

        self.assert_every_metric(daemon.admin.call("GET", "/metrics")[1])

    def assert_every_metric(self, exported):
        """Name and type of each, and the labels of those that have a sample."""
        rows = re.findall(r"^\| `(cartrelay_\w+)` \| (\w+) \| (.*?) \|", METRICS, re.MULTILINE)
        self.assertEqual([row[:2] for row in rows], re.findall(r"^# TYPE (\S+) (\S+)$", exported, re.MULTILINE))
        documented = {name: re.findall(r"`(\w+)`", labels) for name, _, labels in rows}
        samples = re.findall(r"^(\w+)(\{.*\})? ", exported, re.MULTILINE)
        self.assertGreater(len(samples), 50)
        for name, labels in samples:
            self.assertEqual(re.findall(r'(\w+)="', labels), documented[name], name)

    def test_every_path_stands_there(self):
        routes = (ROOT / "lib/admin/routes.cpp").read_text(encoding="utf-8")
        paths = re.findall(r'fixed_path\{"([^"]+)"', routes)
        paths += [first + "{" for first in re.findall(r'open_path\{"([^"]+)"', routes)]
        self.assertGreater(len(paths), 15)
        for path in paths:
            self.assertIn(f" {path}" if path != "/" else "`GET /`", PAGE.replace("`/", " /"), path)

    def test_the_comparison_notices(self):
        self.assertEqual(fewer({"a": [{"b": 1}]}, {"a": [{"b": 2.5, "c": 3}], "d": 4}), [])
        for real in ({}, {"a": []}, {"a": [{}]}, {"a": [{"b": "1"}]}, {"a": {"b": 1}}):
            self.assertNotEqual(fewer({"a": [{"b": 1}]}, real), [], real)


if __name__ == "__main__":
    harness.main()
