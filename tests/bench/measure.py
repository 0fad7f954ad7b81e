"""Pairs, medians and spread: what one number of a goal is made of."""
import dataclasses
import statistics


@dataclasses.dataclass
class Outcome:
    """A goal and how it was met. `values` are the ratios of the pairs (or the one figure, where there is one)."""
    goal: str
    measure: str
    unit: str
    limit: float
    at_most: bool
    values: list
    detail: dict = dataclasses.field(default_factory=dict)
    note: str = ""

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def met(self):
        return self.median <= self.limit if self.at_most else self.median >= self.limit

    def as_json(self):
        return {**dataclasses.asdict(self), "median": self.median, "lowest": min(self.values), "highest": max(self.values), "met": self.met}


def median(rows, name):
    return statistics.median(row[name] for row in rows)


def spread(values, unit=""):
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.3g}{unit}" if low == high else f"{middle:.3g}{unit} ({low:.3g} to {high:.3g})"


def table(outcomes):
    rows = [("goal", "measure", "wanted", "median (lowest to highest)", "")]
    for each in outcomes:
        wanted = f"{'≤' if each.at_most else '≥'} {each.limit:g}{each.unit}"
        rows.append((each.goal, each.measure, wanted, spread(each.values, each.unit), "met" if each.met else "not met"))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
