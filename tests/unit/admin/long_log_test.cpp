#include "admin/receipts.hpp"
#include "queue/open.hpp"
#include "tests/contract/queue/support.hpp"
#include "tests/unit/admin/support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

/// More events than the engine looks at for one page; the oldest is an order, the others are page views. None
/// is routed.
class long_log : public ::testing::Test {
 protected:
  static constexpr std::size_t events = 20'500;

  void SetUp() override {
    log_.append({queue::testing::order_event("order", "o-1", "a@b.example", {})}).value();
    std::vector<queue::new_event> more;
    for (std::size_t i = 1; i < events; ++i)
      more.push_back(queue::testing::plain_event(std::to_string(i), {}));
    log_.append(std::move(more)).value();
  }

  boost::json::value page(std::string query) {
    std::optional<http::response> came;
    boost::asio::co_spawn(
        io_, desk_.list(std::move(query)),
        [&](const std::exception_ptr&, http::response answer) { came = std::move(answer); });
    while (!came)
      io_.run_one();
    EXPECT_EQ(came->status, 200) << came->body;
    return json(*came);
  }

 private:
  queue::testing::temporary_folder folder_;
  queue::testing::client log_{
      [this] { return queue::open(queue::testing::settings_in(folder_.path()), base::system_clock()); }};
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<base::executor> work_{io_.get_executor()};
  dispatch::dispatcher delivery_{io_.get_executor(), log_.raw(), base::system_clock(), 1};
  receipts desk_{base::mailbox(io_.get_executor()), log_.raw(), delivery_};
};

TEST_F(long_log, is_not_searched_through_by_one_request) {
  const auto first = page("type=order.cancelled");
  EXPECT_TRUE(first.at("events").as_array().empty()) << "it stands further back";
  ASSERT_TRUE(first.at("next_cursor").is_string());
  const auto second = page("type=order.cancelled&cursor=" + std::string(first.at("next_cursor").as_string()));
  ASSERT_EQ(second.at("events").as_array().size(), 1u);
  EXPECT_EQ(second.at("events").at(0).at("event").at("id"), "order");
  EXPECT_TRUE(second.at("next_cursor").is_null());
}

}  // namespace
}  // namespace cartrelay::admin::testing
