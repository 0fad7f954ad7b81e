"""Controls of the include-table lint: a small table, lines that obey it and lines that do not."""

import os
import unittest

import layers
import source

TABLE = """
| level | module | one line | may include |
|--:|---|---|---|
| 0 | `base` | x | – |
| 1 | `http` | x | `base` |
| 2 | `destinations` | x | `base`, `http` |
| 4 | `config` | x | `base`, any `options.hpp`, `destinations/registry.hpp` |
| 5 | `daemon` | x | all |
"""
ROWS = layers.read_table(TABLE)
VENDORS = {"releva", "rokt"}


def faults(path, *lines):
    return layers.include_faults(ROWS, path, "".join(line + "\n" for line in lines), VENDORS)


class include_table(unittest.TestCase):
    def test_allowed_includes_pass(self):
        self.assertEqual(faults("lib/base/a.cpp", '#include "base/a.hpp"', "#include <vector>"), [])
        self.assertEqual(faults("lib/http/a.cpp", '#  include "base/task.hpp"'), [])
        self.assertEqual(faults("lib/config/a.cpp", '#include "http/options.hpp"'), [])
        self.assertEqual(faults("lib/config/a.cpp", '#include "destinations/rokt/options.hpp"'), [])
        self.assertEqual(faults("lib/config/a.cpp", '#include "destinations/registry.hpp"'), [])
        self.assertEqual(faults("lib/destinations/rokt/a.cpp", '#include "destinations/rokt/a.hpp"'), [])
        self.assertEqual(faults("lib/destinations/registry.cpp", '#include "destinations/rokt/a.hpp"'), [])
        self.assertEqual(faults("daemon/main.cpp", '#include "http/x.hpp"', '#include "daemon/y.hpp"'), [])
        self.assertEqual(faults("lib/base/a.cpp", '// #include "http/x.hpp"'), [])

    def test_looking_up_or_sideways_is_refused(self):
        self.assertRegex(faults("lib/base/a.cpp", "", '#include "http/x.hpp"')[0], r"^lib/base/a.cpp:2: base may not")
        self.assertTrue(faults("lib/http/a.hpp", '#include "destinations/x.hpp"'))
        self.assertTrue(faults("lib/http/a.hpp", '#include "daemon/x.hpp"'))
        self.assertTrue(faults("lib/config/a.cpp", '#include "http/client.hpp"'))
        self.assertTrue(faults("lib/config/a.cpp", '#include "destinations/rokt/a.hpp"'))
        self.assertTrue(faults("lib/destinations/rokt/a.cpp", '#include "destinations/releva/a.hpp"'))

    def test_unclear_includes_are_refused(self):
        self.assertTrue(faults("lib/base/a.cpp", '#include "a.hpp"'))
        self.assertTrue(faults("lib/base/a.cpp", '#include "../http/a.hpp"'))
        self.assertTrue(faults("lib/base/a.cpp", '#include "boost/asio.hpp"'))
        self.assertRegex(faults("lib/base/a.cpp", "#include <http/x.hpp>")[0], "^lib/base/a.cpp:1: .*in quotes")
        self.assertTrue(faults("daemon/main.cpp", "#  include <http/x.hpp>"))
        self.assertEqual(faults("lib/http/a.cpp", "#include <boost/asio.hpp>", "#include <base>"), [])
        self.assertTrue(faults("lib/extra/a.cpp", '#include "base/a.hpp"'))

    def test_links_are_read(self):
        text = "# cartrelay_old\ncartrelay_module(http\n SOURCES a.cpp\n LINK cartrelay_base PRIVATE_LINK cartrelay_x Boost::json)"
        self.assertEqual(layers.links(text), {"base", "x"})
        self.assertEqual(layers.links("cartrelay_module(http LINK cartrelay_base SOURCES cartrelay_a.cpp)"), {"base"})

    def test_links_that_come_later_are_read(self):
        text = "cartrelay_module(http LINK cartrelay_base)\ntarget_link_libraries(cartrelay_http\n PUBLIC cartrelay_x Boost::json)"
        self.assertEqual(layers.links(text), {"base", "x"})

    def test_links_must_say_the_same(self):
        self.assertEqual(layers.link_faults(ROWS, "http", {"base"}, ["base/a.hpp", "http/b.hpp"]), [])
        self.assertRegex(layers.link_faults(ROWS, "http", {"base", "destinations"}, [])[0], "may not link")
        self.assertRegex(layers.link_faults(ROWS, "http", {"nothing"}, [])[0], "no row")
        self.assertRegex(layers.link_faults(ROWS, "http", set(), ["base/a.hpp"])[0], "does not link")
        self.assertEqual(layers.link_faults(ROWS, "config", {"base", "destinations", "http"}, ["base/a.hpp"]), [])

    def test_a_table_that_looks_up_is_refused(self):
        rows = layers.read_table("| 0 | `base` | x | `http` |\n| 1 | `http` | x | `nowhere` |\n")
        self.assertEqual(len(layers.table_faults(rows)), 2)
        self.assertEqual(layers.table_faults(ROWS), [])

    def test_the_real_table_is_read_whole(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
        rows = layers.read_table(source.read(root, layers.TABLE))
        folders = {name for name in os.listdir(os.path.join(root, "lib")) if os.path.isdir(os.path.join(root, "lib", name))}
        self.assertEqual(set(rows), folders | {"daemon"})


if __name__ == "__main__":
    unittest.main()
