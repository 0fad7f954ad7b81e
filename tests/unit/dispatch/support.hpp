#pragma once

#include "base/completion.hpp"
#include "base/task.hpp"
#include "destinations/destination.hpp"
#include "dispatch/condition.hpp"
#include "dispatch/dispatcher.hpp"
#include "queue/memory/engine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cartrelay::dispatch {

using namespace std::chrono_literals;

/// Vendors behind a wire that is not there: one per destination name (the host of its url), with switches.
struct fake_vendor {
  explicit fake_vendor(base::executor where) : released(where) {}

  std::vector<http::request> seen;
  std::vector<bool> repeatable;  ///< as many: whether it may go twice
  std::function<http::outcome(const http::request&)> answer = [](const http::request&) {
    return http::outcome(http::response{});
  };
  bool holding = false;  ///< answers wait
  condition released;
  std::size_t wires = 0, stopped = 0;

  void release() {
    holding = false;
    released.notify();
  }
};
[[nodiscard]] http::outcome answered(int status, std::string body = {});

/// A destination kind that posts `{"ids":[…]}` to its url. `throws` in an event's id makes it throw;
/// `unplannable` and `unmappable` are what they say.
[[nodiscard]] base::result<std::unique_ptr<destinations::destination>> make_paper(
    const destinations::options& given);

/// A dispatcher with a queue in memory and fake vendors, all on the test's thread.
class shop_floor : public testing::Test {
 protected:
  shop_floor();
  ~shop_floor() override;

  fake_vendor& vendor(const std::string& name);
  [[nodiscard]] static destinations::options destination(const std::string& name);

  void start(std::vector<destinations::options> all);
  void stop(std::chrono::milliseconds drain = 5s);
  /// Nothing of what was in memory is left, as after a kill.
  void die() {
    log_.crash();
    stop(0ms);
    for (auto& [name, one] : vendors_)
      one->seen.clear();
  }
  void apply(std::vector<destinations::options> all);

  /// `order.paid` of that order, routed to everybody who is enabled; its number.
  queue::sequence post(const std::string& id, const std::string& order);
  /// The same, of a customer.
  queue::sequence post_of(const std::string& customer, const std::string& id, const std::string& order);
  /// So many, `e0`, `e1`, …, dealt out to that many orders in turn; the last one's number.
  queue::sequence post_many(std::size_t count, std::size_t orders);
  /// One whose stored bytes are no event.
  queue::sequence post_broken(const std::string& id);

  void run_until(const std::function<bool()>& condition);
  /// Everything that can happen now.
  void poll() {
    io_.restart();
    io_.poll();
  }
  /// The queue answers what it was told until now; what follows from that waits for the next sync.
  void sync_and_hold() {
    log_.sync();
    log_.hold();
    poll();
  }
  template <class T>
  T await(base::task<T> what) {
    std::optional<T> out;
    boost::asio::co_spawn(io_, std::move(what), [&](std::exception_ptr failed, T value) {
      if (failed) std::rethrow_exception(failed);
      out = std::move(value);
    });
    run_until([&] { return out.has_value(); });
    return std::move(*out);
  }
  template <class T>
  T ask(const std::function<void(queue::reply<T>)>& what) {
    std::optional<base::result<T>> out;
    what(queue::reply<T>(box_, [&](base::result<T> came) { out = std::move(came); }));
    run_until([&] { return out.has_value(); });
    return std::move(out->value());
  }
  [[nodiscard]] queue::receipt_line receipt(queue::sequence number, const std::string& name);
  [[nodiscard]] destination_status status(const std::string& name);
  [[nodiscard]] bool ended(queue::sequence number, const std::string& name);
  void run_until_ended(queue::sequence number, const std::string& name) {
    run_until([&] { return ended(number, name); });
  }

  queue::sequence append(std::vector<queue::new_event> events);

  boost::asio::io_context io_{1};
  base::mailbox box_{io_.get_executor()};
  queue::memory::memory_engine log_{queue::options()};
  std::map<std::string, std::unique_ptr<fake_vendor>> vendors_;
  std::string next_vendor_;  // whose wire is made next
  std::unique_ptr<dispatcher> subject_;
};

}  // namespace cartrelay::dispatch
