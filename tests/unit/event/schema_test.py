"""The published schema and the corpus agree: good events pass, bad ones fail at the places that the corpus names, and what
is marked as beyond a schema is beyond it. Usage: schema_test.py SCHEMA EVENTS.md CORPUS"""

import json
import pathlib
import re
import sys

import jsonschema


def step(pointer, token):
    return pointer + "/" + str(token).replace("~", "~0").replace("/", "~1")


def pointers(error):
    """Where the daemon reports what this error of the schema is about."""
    place = ""
    for token in error.absolute_path:
        place = step(place, token)
    if error.validator == "required":
        return {step(place, name) for name in error.validator_value if name not in error.instance}
    if "propertyNames" in error.absolute_schema_path:
        return {step(place, error.instance)}
    if error.validator == "additionalProperties":
        return {step(place, name) for name in error.instance if name not in error.schema["properties"]}
    return {place}


def check_good(validator, name, event):
    return [f"{name}: refused at {sorted(pointers(e))}: {e.message[:200]}" for e in validator.iter_errors(event)]


def check_bad(validator, name, case):
    expected = {fault["pointer"] for fault in case["faults"] if "beyond_schema" not in fault}
    found = set().union(*(pointers(e) for e in validator.iter_errors(case["event"])))
    if found == expected:
        return []
    return [f"{name}: {case['why']}: the schema finds {sorted(found)}, the corpus names {sorted(expected)}"]


def check_malformed(name, case):
    """What a schema never sees: no JSON at all, or JSON that a reader without limits takes in silence."""
    return [] if set(case) == {"why", "text", "faults"} else [f"{name}: {case['why']}: neither event nor text"]


def bad_cases(corpus):
    for path in sorted(pathlib.Path(corpus, "bad").glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            if "event_text" in case:
                case["event"] = json.loads(case.pop("event_text"))
            yield path.name, case


def main(schema_path, document_path, corpus):
    schema = json.loads(pathlib.Path(schema_path).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    problems, checked, types = [], 0, set()
    for path in sorted(pathlib.Path(corpus, "good").glob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        types.add(event["type"])
        problems += check_good(validator, path.name, event)
        checked += 1
    document = pathlib.Path(document_path).read_text(encoding="utf-8")
    examples = re.findall(r"^```json\n(.*?)^```$", document, flags=re.DOTALL | re.MULTILINE)
    for number, example in enumerate(examples, 1):
        problems += check_good(validator, f"example {number} of {document_path}", json.loads(example))
        checked += 1
    for name, case in bad_cases(corpus):
        problems += check_bad(validator, name, case) if "event" in case else check_malformed(name, case)
        checked += 1
    catalogue = set(schema["properties"]["type"]["enum"])
    if types != catalogue:
        problems.append(f"types without a good event, or good events without a type: {sorted(types ^ catalogue)}")
    print("\n".join(problems) or f"{checked} documents, {len(catalogue)} types")
    return 1 if problems or checked < 150 or len(examples) < len(catalogue) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
