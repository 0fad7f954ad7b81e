#include "tests/unit/admin/support.hpp"

#include "destinations/registry.hpp"
#include "destinations/routing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace cartrelay::admin::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

/// In the place of connections to the vendor.
class fake_wire final : public http::client {
 public:
  explicit fake_wire(vendor& shop) : shop_(shop) {}

  base::task<http::outcome> send(const http::request& what, bool /*safe_to_repeat*/) override {
    shop_.got.push_back(what);
    auto answer = http::json_response(shop_.status, "{}");
    if (!shop_.retry_after.empty()) answer.headers.add("Retry-After", shop_.retry_after);
    co_return answer;
  }
  base::task<boost::system::result<std::string, http::failure>> probe(std::string /*url*/) override {
    co_return std::string("fake");
  }
  base::task<> stop() override { co_return; }
  [[nodiscard]] http::client_counters counters() const noexcept override { return {}; }

 private:
  vendor& shop_;
};

base::task<bool> stop(dispatch::dispatcher& which) {
  co_await which.stop(std::chrono::milliseconds(0));
  co_return true;
}

dispatch::factories around(vendor& shop) {
  auto out = dispatch::real_factories();
  out.wire = [&shop](base::executor,
                     const http::client_options&) -> base::result<std::unique_ptr<http::client>> {
    return std::make_unique<fake_wire>(shop);
  };
  return out;
}

}  // namespace

http::request get(std::string target) {
  http::request out{"GET", std::move(target), {}, {}};
  out.headers.add("Host", "127.0.0.1:8471");
  return out;
}

http::request post(std::string target, std::string body) {
  http::request out{"POST", std::move(target), {}, std::move(body)};
  out.headers.add("Host", "127.0.0.1:8471");
  out.headers.add("Content-Length", std::to_string(out.body.size()));
  if (!out.body.empty()) out.headers.add("Content-Type", "application/json");
  return out;
}

http::request with(http::request what, const std::string& name, const std::string& value) {
  what.headers.set(name, value);
  return what;
}

boost::json::value json(const http::response& answer) {
  boost::json::error_code failure;
  auto parsed = boost::json::parse(answer.body, failure);
  EXPECT_FALSE(failure) << answer.body;
  return parsed;
}

std::vector<std::string> pointers(const http::response& answer) {
  std::vector<std::string> out;
  const auto parsed = json(answer);
  for (const auto& each : parsed.at("errors").as_array())
    out.emplace_back(each.at("pointer").as_string());
  return out;
}

house::house(std::vector<destinations::options> destinations)
    : delivery(io.get_executor(), log, base::system_clock(), 1, around(shop)),
      desk(base::mailbox(io.get_executor()),
           subjects{log, delivery, base::system_clock(), [] { return std::uint64_t(0); }}, "0.1.0"),
      door_(base::mailbox(io.get_executor()), log, base::system_clock(), {}, {}) {
  const auto begun = run(delivery.start(std::move(destinations)));
  if (!begun) throw std::runtime_error(begun.error().message());
  door_.set_router([this](const event::event& what) {
    std::vector<queue::destination_id> out;
    const auto routes = delivery.routes();
    for (const auto& route : *routes)
      if (destinations::wants(route.options, what)) out.push_back(route.id);
    return out;
  });
  desk.enter(phase::running);
}

house::~house() {
  run(stop(delivery));
  log.close();
}

destinations::options house::releva(const std::string& name) {
  const auto& kind = *destinations::find_kind("releva");
  auto out = kind.defaults;
  out.name = name;
  out.kind = "releva";
  out.url = "https://vendor.example/carts";
  out.secret = base::secret("canary-secret");
  out.batch.linger = 0ms;
  out.retry.initial = 60s;
  return out;
}

template <class T>
T house::run(base::task<T> what) {
  std::optional<T> came;
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr failure, T value) {
    thrown = failure;
    came = std::move(value);
  });
  await([&] { return came.has_value(); });
  if (thrown) std::rethrow_exception(thrown);
  return std::move(came).value();
}

http::response house::ask(http::request what, const http::peer& from) {
  if (auto refused = desk.screen(what, from)) return *refused;
  return run(desk.handle(what, from));
}

queue::sequence house::store(const std::string& event) {
  http::request what{"POST", "/v1/events", {}, event};
  what.headers.add("Host", "127.0.0.1");
  what.headers.add("Content-Type", "application/json");
  const auto answer = run(door_.handle(what, unix_socket));
  EXPECT_EQ(answer.status, 202) << answer.body;
  return json(answer).at("accepted").at(0).at("sequence").to_number<queue::sequence>();
}

void house::await(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  io.restart();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) throw std::runtime_error("waited too long");
    io.run_one_until(end);
    if (io.stopped()) io.restart();
  }
}

dispatch::destination_status house::status(const std::string& name) const {
  const auto all = delivery.status();
  const auto found = std::ranges::find(all, name, &dispatch::destination_status::name);
  if (found == all.end()) throw std::runtime_error("no destination " + name);
  return *found;
}

void house::await_dead_letters(const std::string& name, std::uint64_t count) {
  await([&] { return status(name).counts.dead_letters == count; });
}

}  // namespace cartrelay::admin::testing
