#include "tests/unit/dispatch/support.hpp"

#include "base/clock.hpp"
#include "destinations/judge.hpp"
#include "destinations/single_request.hpp"
#include "event/stored.hpp"

#include <stdexcept>
#include <utility>

namespace cartrelay::dispatch {
namespace {

std::string host_of(const std::string& url) {
  if (url.empty()) return {};
  const auto from = url.find("://") + 3;
  return url.substr(from, url.find('.', from) - from);
}

class fake_wire final : public http::client {
 public:
  fake_wire(fake_vendor& partner) : partner_(partner) { ++partner.wires; }

  base::task<http::outcome> send(const http::request& what, bool safe_to_repeat) override {
    partner_.seen.push_back(what);
    partner_.repeatable.push_back(safe_to_repeat);
    while (partner_.holding && !stopped_)
      co_await partner_.released.any();
    if (stopped_) co_return http::failure{http::stage::sent, "stopped"};
    co_return partner_.answer(what);
  }
  base::task<boost::system::result<std::string, http::failure>> probe(std::string) override {
    co_return std::string("nobody");
  }
  base::task<> stop() override {
    if (!std::exchange(stopped_, true)) ++partner_.stopped;
    partner_.released.notify();
    co_return;
  }
  http::client_counters counters() const noexcept override { return {}; }

 private:
  fake_vendor& partner_;
  bool stopped_ = false;
};

class paper final : public destinations::destination {
 public:
  explicit paper(destinations::options given) : given_(std::move(given)) {}

  destinations::screening screen(const event::event& what) const override {
    if (what.id.find("unmappable") == std::string::npos) return {};
    return {destinations::screening::outcome::unmappable, "no_way", "nothing to send"};
  }
  std::vector<std::string> order_keys(const event::event& what) const override {
    if (what.id.find("unplannable") != std::string::npos) throw std::runtime_error("no plan for this");
    return {std::string("order:").append(what.data.order->id)};
  }
  std::size_t largest_batch() const override { return given_.batch.max_events; }
  std::size_t encoded_size(const event::event& what) const override { return what.id.size() + 3; }
  std::unique_ptr<destinations::delivery> begin(std::vector<destinations::delivery_event> events,
                                                destinations::memory) override {
    std::string ids;
    for (const auto& one : events) {
      if (one.what->id.find("throws") != std::string::npos) throw std::runtime_error("no way to send this");
      ids.append(ids.empty() ? "\"" : ",\"").append(one.what->id) += '"';
    }
    auto request =
        destinations::json_request("POST", given_.url + "/papers?token=no", "{\"ids\":[" + ids + "]}");
    request.headers.add("Authorization", "Bearer " + given_.secret.reveal());
    return std::make_unique<destinations::single_request>(std::move(request), events.size(), true,
                                                          given_.secret);
  }

 private:
  destinations::options given_;
};

}  // namespace

http::outcome answered(int status, std::string body) {
  http::response out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

base::result<std::unique_ptr<destinations::destination>> make_paper(const destinations::options& given) {
  if (given.url.empty()) return queue::fail(queue::errc::incompatible, given.name + ": url: required");
  return std::unique_ptr<destinations::destination>(std::make_unique<paper>(given));
}

shop_floor::shop_floor() = default;

shop_floor::~shop_floor() {
  if (subject_) stop(0ms);
}

fake_vendor& shop_floor::vendor(const std::string& name) {
  auto& found = vendors_[name];
  if (!found) found = std::make_unique<fake_vendor>(io_.get_executor());
  return *found;
}

destinations::options shop_floor::destination(const std::string& name) {
  destinations::options out;
  out.name = name;
  out.kind = "paper";
  out.events = {event::event_type::order_paid};
  out.url = "https://" + name + ".test";
  out.secret = base::secret("the secret of " + name);
  out.retry.initial = 5ms;
  out.retry.max = 50ms;
  out.batch.max_events = 1;
  return out;
}

void shop_floor::start(std::vector<destinations::options> all) {
  factories make;
  make.wire = [this](base::executor, const http::client_options&) {
    return base::result<std::unique_ptr<http::client>>(std::make_unique<fake_wire>(vendor(next_vendor_)));
  };
  make.kind = [this](const destinations::options& given) {
    next_vendor_ = host_of(given.url);
    return make_paper(given);
  };
  subject_ = std::make_unique<dispatcher>(io_.get_executor(), log_, base::system_clock(), 1, std::move(make));
  const auto started = await(subject_->start(std::move(all)));
  ASSERT_TRUE(started) << started.error().message();
}

void shop_floor::stop(std::chrono::milliseconds drain) {
  bool over = false;
  boost::asio::co_spawn(io_, subject_->stop(drain), [&](std::exception_ptr) { over = true; });
  run_until([&] { return over; });
  subject_.reset();
}

void shop_floor::apply(std::vector<destinations::options> all) {
  const auto applied = await(subject_->apply(std::move(all)));
  ASSERT_TRUE(applied) << applied.error().message();
}

namespace {

/// `order.paid` of that order, as it is stored.
queue::new_event paid(const std::string& id, const std::string& order, const std::string& customer = {}) {
  const auto who = customer.empty() ? std::string() : R"("customer":{"id":")" + customer + R"("},)";
  const auto json = R"({"specversion":"1.0","id":")" + id +
                    R"(","source":"shop/bg","type":"order.paid","data":{)" + who + R"("order":{"id":")" +
                    order + R"(","currency":"EUR","total":"1","items":[]}}})";
  event::event what;
  what.id = id;
  what.source = "shop/bg";
  what.type = event::event_type::order_paid;
  what.received_at = base::system_clock().now();
  what.json = json;
  queue::new_event out;
  out.id = id;
  out.type = what.type;
  out.stored = event::encode(what);
  return out;
}

}  // namespace

queue::sequence shop_floor::post(const std::string& id, const std::string& order) {
  return append({paid(id, order)});
}

queue::sequence shop_floor::post_of(const std::string& customer, const std::string& id,
                                    const std::string& order) {
  return append({paid(id, order, customer)});
}

queue::sequence shop_floor::post_many(std::size_t count, std::size_t orders) {
  std::vector<queue::new_event> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back(paid("e" + std::to_string(i), std::to_string(i % orders)));
  return append(std::move(all));
}

queue::sequence shop_floor::post_broken(const std::string& id) {
  queue::new_event out;
  out.id = id;
  out.type = event::event_type::order_paid;
  out.stored = "no event at all";
  return append({out});
}

queue::sequence shop_floor::append(std::vector<queue::new_event> events) {
  const auto routes = subject_->routes();
  for (auto& one : events) {
    one.source = "shop/bg";
    one.received_at = base::system_clock().now();
    for (const auto& route : *routes)
      one.routed.push_back(route.id);
  }
  using outcomes = std::vector<queue::append_outcome>;
  const auto came =
      ask<outcomes>([&](queue::reply<outcomes> then) { log_.append(std::move(events), std::move(then)); });
  return came.back().number;
}

void shop_floor::run_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "it never happened";
    io_.restart();
    io_.run_one_for(1s);
  }
}

queue::receipt_line shop_floor::receipt(queue::sequence number, const std::string& name) {
  const auto found = ask<queue::receipt>([&](auto then) { log_.find_receipt(0, number, std::move(then)); });
  const auto figures = log_.stats();
  for (const auto& one : figures.destinations)
    for (const auto& line : found.lines)
      if (one.name == name && line.destination == one.id) return line;
  ADD_FAILURE() << "event " << number << " is not routed to " << name;
  return {};
}

bool shop_floor::ended(queue::sequence number, const std::string& name) {
  return receipt(number, name).ended.has_value();
}

destination_status shop_floor::status(const std::string& name) {
  for (const auto& one : subject_->status())
    if (one.name == name) return one;
  ADD_FAILURE() << "there is no " << name;
  return {};
}

}  // namespace cartrelay::dispatch
