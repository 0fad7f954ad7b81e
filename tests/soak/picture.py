"""Results as JSON and SVG (by gnuplot)."""
import json
import os
import subprocess


def plot(path, script, columns):
    """`script` is gnuplot's and reads each block of rows in `columns` as `$name`."""
    blocks = "".join(f"${name} << END\n" + "".join(" ".join(str(each) for each in row) + "\n" for row in rows) + "END\n"
                     for name, rows in columns.items())
    head = f'set terminal svg size 900,560 font "sans,13" background "white"\nset output "{path}"\nset grid lc rgb "#dddddd"\nset key top left\n'
    subprocess.run(["gnuplot"], input=blocks + head + script, text=True, check=True)
    with open(path, encoding="utf-8") as drawn:
        lines = [line.rstrip() for line in drawn]
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines).strip() + "\n")


def write(folder, name, result):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as out:
        json.dump(result, out, indent=1, ensure_ascii=False)
        out.write("\n")


def share_not_yet_delivered(values, points=200):
    """(ms, share that took longer), closer together towards the tail."""
    ordered = sorted(values)
    for step in range(points):
        share = 10 ** (-4 * step / points)
        if share * len(ordered) >= 1:
            yield ordered[min(len(ordered) - 1, int((1 - share) * len(ordered)))] * 1e3, share


def bad_day(folder, result, healthy, rows):
    write(folder, "bad-day", result)
    columns, curves = {}, []
    for colour, (vendor, (sick, calm)) in enumerate(healthy.items(), 1):
        columns[vendor + "_sick"], columns[vendor + "_calm"] = list(share_not_yet_delivered(sick)), list(share_not_yet_delivered(calm))
        curves.append(f'${vendor}_sick with lines lc {colour} lw 2 title "{vendor}, others sick"')
        curves.append(f'${vendor}_calm with lines lc {colour} dt 3 lw 2 title "{vendor}, nobody sick"')
    plot(os.path.join(folder, "bad-day-delivery.svg"),
         'set title "From the 202 to the vendor\'s answer, at vendors that are well"\nset logscale xy\nset xlabel "ms"\n'
         'set ylabel "share of events that took longer"\nset key top right\nplot ' + ", ".join(curves) + "\n", columns)
    course(os.path.join(folder, "bad-day-course.svg"), "A daemon while its vendors have a bad day", rows)


def course(path, title, rows):
    plot(path, f'set multiplot layout 2,2 title "{title}"\nset xlabel "minutes"\nunset key\nset yrange [0:*]\n' + "".join(
        f'set title "{name}"\nplot $rows using ($1/60):{column} with lines lc {column} lw 2\n'
        for column, name in ((2, "resident memory, MiB"), (3, "open descriptors"), (4, "queue on disk, MiB"), (5, "deliveries in the backlog"))) +
        "unset multiplot\n", {"rows": rows})
