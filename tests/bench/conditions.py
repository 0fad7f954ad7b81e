"""Under which conditions something was measured, and writing it down: JSON for programs, SVG (by gnuplot) for people."""
import datetime
import json
import os
import platform
import re
import subprocess


def said(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout + done.stderr).strip()


def version(package):
    return said("dpkg-query", "-W", "-f", "${Version}", package)


def gather(folder):
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        model = re.search(r"model name\s*:\s*(.*)", cpuinfo.read())
    with open("/proc/meminfo", encoding="ascii") as meminfo:
        memory = int(re.search(r"MemTotal:\s*(\d+)", meminfo.read()).group(1)) // 1024
    packages = ("nginx-light", "redis-server", "postgresql-15", "librocksdb7.8", "libboost1.81-dev", "libssl3", "libjemalloc2")
    return {
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="minutes"),
        "cpu": model.group(1) if model else platform.machine(), "cores": os.cpu_count(), "memory_mb": memory,
        "kernel": platform.release(), "file_system": said("findmnt", "-n", "-o", "FSTYPE,OPTIONS", "-T", folder),
        "load_average_before": os.getloadavg(), "versions": {name: version(name) for name in packages},
        "cartrelay": said(os.environ["CARTRELAY"], "--version"), "binary_bytes": os.path.getsize(os.environ["CARTRELAY"]),
    }


def run_parts(binary, folder):
    done = subprocess.run([binary, "--benchmark_format=json"], capture_output=True, text=True, check=True, cwd=folder)
    parts = json.loads(done.stdout)["benchmarks"]
    for each in parts:
        print(f"{each['name']:40} {each['real_time']:12,.0f} {each['time_unit']}  cpu {each['cpu_time']:12,.0f}")
    return [{name: each.get(name) for name in ("name", "real_time", "cpu_time", "time_unit", "items_per_second")} for each in parts]


def save(folder, outcomes, found, effort, parts):
    """Goals that were not measured this time stay as they were, with the conditions of their own run."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "results.json")
    known = {"goals": [], "parts": None}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as text:
            known = json.load(text)
    measured = {each.goal for each in outcomes}
    goals = [each for each in known["goals"] if each["goal"] not in measured]
    goals += [{**each.as_json(), "effort": effort, "conditions": found} for each in outcomes]
    goals.sort(key=lambda each: int(each["goal"][1:]))
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"goals": goals, "parts": parts or known["parts"]}, out, indent=1, ensure_ascii=False)
        out.write("\n")
    draw_goals(os.path.join(folder, "goals.svg"), goals)
    first = next((each for each in goals if each["goal"] == "P1" and each["detail"]), None)
    if first:
        draw_rates(os.path.join(folder, "ingest.svg"), first["detail"])


def plot(path, script, rows):
    subprocess.run(["gnuplot"], input=f'set terminal svg size 760,400 font "sans,12" background "white"\nset output "{path}"\n'
                   "$rows << EOD\n" + "\n".join(rows) + "\nEOD\n" + script, text=True, check=True)
    with open(path, encoding="utf-8") as drawn:
        lines = [line.rstrip() for line in drawn]
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def draw_goals(path, goals):
    """How far each goal is met: measured / wanted where more is better, wanted / measured where less is; right of 1 is met."""
    rows = []
    for place, each in enumerate(reversed(goals)):
        better = [max(value, 1e-3) / each["limit"] if not each["at_most"] else each["limit"] / max(value, each["limit"] / 20)
                  for value in (each["median"], each["lowest"], each["highest"])]
        rows.append(f'{better[0]} {place} {min(better)} {max(better)} "{each["goal"]}"')
    plot(path, 'set title "how far each goal is met (right of 1: met); medians, lowest to highest"\nset logscale x\nset xrange [0.1:20]\n'
         f"set yrange [-0.7:{len(rows) - 0.3}]\nset grid x\nset arrow from 1,graph 0 to 1,graph 1 nohead lc rgb '#888888'\nunset key\n"
         "plot $rows using 1:2:3:4:ytic(5) with xerrorbars pt 7 lw 2 lc rgb '#2060a0'\n", rows)


def draw_rates(path, sides):
    names = {"cartrelay": "Cartrelay", "redis": "redis XADD", "nginx": "nginx 202\\n(stores nothing)", "postgres": "PostgreSQL\\nINSERT",
             "cartrelay_100": "Cartrelay\\nposts of 100"}
    rows = [f'{place} {side["events_per_second"]} "{names[name]}"' for place, (name, side) in enumerate(sides.items())]
    plot(path, 'set title "durable events a second, 64 connections, two cores shared with the load"\nset style fill solid 0.8\nset boxwidth 0.6\n'
         "set yrange [0:*]\nset format y '%.0s %c'\nset grid y\nunset key\nplot $rows using 1:2:xtic(3) with boxes lc rgb '#2060a0'\n", rows)
