#include "tests/unit/ingest/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace cartrelay::ingest::testing {
namespace {

using namespace std::chrono_literals;

/// What it refers to outlives it: the desk runs its loop to the end of the request.
base::task<> answer_into(service& door, http::request& what, const http::peer& from, http::response& out) {
  auto answered = co_await door.handle(what, from);
  out = std::move(answered);
}

void foresee_nothing(queue::receipt what, queue::reply<queue::receipt> then) {
  then(std::move(what));
}

}  // namespace

std::string page_view(const std::string& id, const std::string& url) {
  return R"({"id":")" + id + R"(","source":"shop/bg","type":"page.viewed","data":{"page":{"url":")" + url +
         R"("}}})";
}

std::string order_paid(const std::string& id, const std::string& order) {
  return R"({"id":")" + id + R"(","source":"shop/bg","type":"order.paid","data":{"order":{"id":")" + order +
         R"(","currency":"EUR","total":"10.50","cart_id":"c-1","items":[]},)"
         R"("customer":{"id":"u-1","email":"a@b.example","phone":"+35912345678"}}})";
}

http::request post(std::string body, const std::string& type) {
  http::request out{"POST", "/v1/events", {}, std::move(body)};
  out.headers.add("Host", "127.0.0.1:8470");
  if (!type.empty()) out.headers.add("Content-Type", type);
  return out;
}

http::request get(std::string target) {
  http::request out{"GET", std::move(target), {}, {}};
  out.headers.add("Host", "127.0.0.1:8470");
  return out;
}

http::request with(http::request what, const std::string& name, const std::string& value) {
  what.headers.set(name, value);
  return what;
}

std::string reason(const http::response& answer) {
  const auto parsed = boost::json::parse(answer.body);
  const auto* found = parsed.as_object().if_contains("reason");
  return found == nullptr ? std::string() : std::string(found->as_string());
}

std::vector<std::string> pointers(const http::response& answer) {
  std::vector<std::string> out;
  const auto parsed = boost::json::parse(answer.body);
  for (const auto& each : parsed.at("errors").as_array())
    out.emplace_back(each.at("pointer").as_string());
  return out;
}

desk::desk(const options& settings)
    : door(base::mailbox(io.get_executor()), log, time, foresee_nothing, settings) {
  door.set_router([this](const event::event&) { return routed; });
}

http::response desk::ask(http::request what, const http::peer& from) {
  if (auto refused = door.screen(what, from)) return *refused;
  http::response out;
  out.status = 0;
  boost::asio::co_spawn(io, answer_into(door, what, from, out), boost::asio::detached);
  io.restart();
  io.run_for(10s);
  EXPECT_NE(out.status, 0) << what.target << ": no answer";
  return out;
}

void desk::begin(http::request what) {
  begun_ = std::move(what);
  begun_answer_.status = 0;
  ASSERT_FALSE(door.screen(begun_, begun_from_));
  boost::asio::co_spawn(io, answer_into(door, begun_, begun_from_, begun_answer_), boost::asio::detached);
}

http::response desk::look() {
  io.restart();
  io.poll();
  return begun_answer_;
}

}  // namespace cartrelay::ingest::testing
