"""Negative and positive controls of the coroutine lint: it must refuse each bad sample and pass each good one."""

import unittest

import coroutines

GOOD = [
    "co_await f();",
    "co_await f(a, *b, -1, 5s, 'x', \"co_await\", g(h(a)), std::move(c), xs[i]);",
    "co_await\n  f(\n  a,\n  b);",
    "auto x = co_await f(a);",
    "const auto x = co_await f(a);",
    "co_return co_await f(a);",
    "co_await asio::async_write(*socket_, asio::buffer(text), base::as_result);",
    "co_await this->pool_.acquire<tls>(std::chrono::seconds(5));",
    "co_await ::ns::f(static_cast<std::size_t>(n));",
    "co_await f<a, pair<b, c>>(a, g<map<a, vector<b>>>::h(b));",
    "auto executor = co_await asio::this_coro::executor;",
    "if (ready) co_await f(a);",
    "if (ready) { co_await f(a); } else co_return co_await g(a);",
    "for (auto& x : xs) co_await f(x);",
    "while (open_) co_await f(a);",
    "do co_await f(a); while (open_);",
    "switch (n) { case 1: co_await f(a); break; default: co_await g(a); }",
    "try { co_await f(a); } catch (const std::exception& e) { log(e); }",
    "// if (co_await f()) {}\n/* x ? co_await a() : co_await b() */ co_await f(a);",
    'auto text = R"(if (co_await f()) {})"; co_await f(text);',
    "auto run = []() -> base::task<void> { co_await f(); }; co_await g(run());",
    "auto [a, b] = pair; co_await f(a, b);",
    "auto n = 1'000'000; co_await f(n);",
    "auto plain = [&] { return 1; }; co_await f(plain());",
]

BAD = [
    ("if (co_await f(a)) return;", "parentheses"),
    ("while (co_await f(a)) g();", "parentheses"),
    ("do g(); while (co_await f(a));", "parentheses"),
    ("for (; co_await f(a);) g();", "parentheses"),
    ("for (auto x = co_await f(a); x; ) g();", "parentheses"),
    ("switch (co_await f(a)) {}", "parentheses"),
    ("if (auto x = co_await f(a); x) g();", "parentheses"),
    ("auto x = c ? co_await f(a) : co_await g(a);", "whole statement"),
    ("c ? g() : co_await f(a);", "whole statement"),
    ("g(co_await f(a));", "parentheses"),
    ("co_await f(co_await g(a));", "second co_await"),
    ("auto x = co_await f(a) + co_await g(a);", "second co_await"),
    ("auto x = 1 + co_await f(a);", "whole statement"),
    ("x = co_await f(a);", "keep the result"),
    ("int x = co_await f(a);", "keep the result"),
    ("auto [a, b] = co_await f();", "keep the result"),
    ("auto& x = co_await f();", "keep the result"),
    ("options o{.size = co_await f(a)};", "keep the result"),
    ("options o{co_await f(a)};", "braces"),
    ("return_value v = {co_await f(a), 1};", "whole statement|braces"),
    ("co_await f({1, 2});", "braces"),
    ("co_await f(options{.size = 1});", "braces"),
    ("co_await f(std::chrono::seconds{5});", "braces"),
    ("co_await f([self] { return self; });", "lambda|braces"),
    ("co_await f(c ? a : b);", r"\?:"),
    ("co_await f(a + b);", r"operator \+"),
    ("co_await f(a * b);", r"operator \*"),
    ("co_await f(a > b, a += 1);", "operator >"),
    ("co_await f(a < b);", "operator <"),
    ("co_await f(a, b -= 1);", "operator -="),
    ("co_await f(a >>= 1);", "operator >"),
    ("co_await f(!*a, b);", "operator !"),
    ("co_await f(~a);", "operator ~"),
    ("co_await f(a >> 1);", "operator >"),
    ("co_await f(new int(3), a);", "operator new"),
    ("co_await f(a, b), f(b, a);", "operator ,"),
    ("co_await f(a && b);", "operator &&"),
    ("co_await (f(a) || g(b));", "await a call"),
    ("co_await handle;", "await a call"),
    ("auto n = (co_await f(a)).size();", "parentheses"),
    ("co_return (co_await f(a)).size();", "parentheses"),
    ("co_return 1 + co_await f(a);", "whole statement"),
    ("(void)co_await f(a);", "whole statement"),
    ("try { g(); } catch (...) { co_await f(a); }", "catch"),
    ("try { g(); } catch (const error& e) { if (e) { co_await f(a); } }", "catch"),
    ("spawn([this]() -> base::task<void> { co_await f(); });", "captures"),
    ("auto run = [&](int n) mutable -> base::task<void> { co_await f(n); };", "captures"),
    ("xs[co_await f(a)] = 1;", "parentheses"),
    ("co_yield 1;", "co_yield"),
    ("\n#define AWAIT(x) co_await x\n", "macro"),
    ("throw_if(co_await\n f(a)\n);", "parentheses"),
]


def wrap(body):
    return "base::task<void> coroutine(int a) {\n" + body + "\n}\n"


class coroutine_forms(unittest.TestCase):
    def test_good_samples_pass(self):
        for body in GOOD:
            with self.subTest(body):
                self.assertEqual(coroutines.faults(wrap(body)), [])

    def test_bad_samples_are_refused(self):
        for body, why in BAD:
            with self.subTest(body):
                found = coroutines.faults(wrap(body))
                self.assertTrue(found, "was not refused")
                self.assertRegex(found[0][1], why)

    def test_the_line_is_named(self):
        self.assertEqual([line for line, _ in coroutines.faults(wrap("\n\n  if (co_await f()) g();"))], [4])


if __name__ == "__main__":
    unittest.main()
