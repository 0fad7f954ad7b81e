"""Controls of the lint on spawned coroutines."""

import unittest

import spawned

BORROWS = "base::task<> server::serve(const request& asked, int n) { co_await f(); }"
OWNS = "base::task<std::pair<int, long>> server::serve(request asked, std::shared_ptr<map<int, int>> m) { co_await f(); }"


class spawned_coroutines(unittest.TestCase):
    def found(self, declaration, call):
        return spawned.faults({"a.hpp": declaration, "b.cpp": "void g() {\n" + call + "\n}"})

    def test_borrowed_parameters_are_refused(self):
        for call in (
            "group_.spawn(serve(asked, 1));",
            "group_.spawn(this->serve(asked, 1));",
            "group_.spawn(servers.at(0)->serve(asked, 1));",
            "asio::co_spawn(io_.get_executor(), serve(asked, 1), asio::detached);",
            "asio::co_spawn(strand(a, b),\n serve(f(asked), 1),\n asio::detached);",
            "auto made = other(1); auto next = this->serve(f({1}), 1); group_.spawn(std::move(next));",
        ):
            with self.subTest(call):
                self.assertTrue(self.found(BORROWS, call))
                self.assertEqual(self.found(OWNS, call), [])

    def test_views_are_borrowed_too(self):
        for parameter in ("std::string_view s", "std::span<const int> s", "T&& s"):
            with self.subTest(parameter):
                self.assertTrue(self.found(f"task<int> serve({parameter});", "group_.spawn(serve(x));"))

    def test_each_way_to_write_the_return_type_is_known(self):
        for declaration in ("reply_task<int> serve({0});", "auto serve({0}) -> base::task<void>;", "auto server::serve({0}) const -> queue::reply_task<int> {{}}"):
            with self.subTest(declaration):
                self.assertTrue(self.found(declaration.format("const std::string& s"), "group_.spawn(serve(x));"))
                self.assertEqual(self.found(declaration.format("std::string s"), "group_.spawn(serve(x));"), [])

    def test_a_task_that_somebody_else_made_is_his(self):
        self.assertEqual(self.found(BORROWS, "void spawn(task<> member) { co_spawn(where, std::move(member), detached); }"), [])

    def test_an_awaited_coroutine_may_borrow(self):
        self.assertEqual(self.found(BORROWS, "co_await serve(asked, 1); group_.spawn(other(serve));"), [])


if __name__ == "__main__":
    unittest.main()
