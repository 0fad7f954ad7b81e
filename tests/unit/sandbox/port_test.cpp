#include "base/task.hpp"
#include "sandbox/errc.hpp"
#include "sandbox/front.hpp"
#include "sandbox/sandbox.hpp"
#include "tests/unit/sandbox/support.hpp"
#include "tests/unit/sandbox/tls_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

namespace cartrelay::sandbox {
namespace {

using testing::HasSubstr;

const std::string notification = R"({"market":"UK","customerKey":"d9528030-509c-4e0f-b585-7168f1e9feca",
"sessionKey":"b106299c-eac0-4f6f-96d2-93e57c255784","id":"n1","ticket":"t"})";
const std::string notify_path = "/elevate/api/v1/notifications/adding-to-cart";

/// A sandbox on a free port with a thread of its own; everything is asked over TLS, as a client would.
struct port_test : testing::Test {
  void SetUp() override {
    options settings;
    settings.port = 0;
    settings.seed = 1;
    auto made = sandbox::listen(context.get_executor(), settings);
    ASSERT_TRUE(made) << made.error().message();
    vendors = std::move(*made);
    vendors->start();
    io = std::thread([this] { context.run(); });
  }
  void TearDown() override {
    if (io.joinable()) stop();
  }
  void stop() {
    boost::asio::co_spawn(context, vendors->stop(), boost::asio::use_future).get();
    io.join();
  }

  raw_answer ask(const std::string& method, const std::string& target, const std::string& body = {}) const {
    return exchange(vendors->port(), vendors->authority(), request_text(method, target, body));
  }
  raw_answer notify() const { return ask("POST", notify_path, notification); }
  value state() const { return *parse_document(ask("GET", "/_sandbox/state").body()); }
  /// The requests of a query string, once there are as many as it asks for.
  std::vector<value> requests(const std::string& query) const {
    return parse_document(ask("GET", "/_sandbox/requests?" + query).body())->find("requests")->elements;
  }
  void order_fault(const std::string& members) const {
    const auto got = ask("POST", "/_sandbox/faults", R"({"vendor":"elevate",)" + members + "}");
    ASSERT_EQ(got.status(), 201) << got.text;
  }
  std::string notifications() const {
    const auto accounts = state().find("accounts")->elements;
    return accounts.empty() ? "0" : at(accounts.at(0), {"counters", "notifications"}).text;
  }

  boost::asio::io_context context{1};
  std::unique_ptr<sandbox> vendors;
  std::thread io;
};

TEST_F(port_test, serves_all_vendors_and_remembers_what_came) {
  EXPECT_EQ(notify().status(), 204);
  EXPECT_EQ(ask("POST", "/releva/api/v0/carts", "{}").status(), 401);
  EXPECT_EQ(ask("GET", "/reloadify/v2/languages/en/shopping_carts").status(), 401);
  EXPECT_EQ(ask("POST", "/esputnik/v1/event", "{}").status(), 401);
  EXPECT_EQ(ask("POST", "/rokt/v1/Cart/confirm", "{}").status(), 401);
  EXPECT_EQ(ask("GET", "/amazon").status(), 404);
  EXPECT_EQ(ask("GET", "/").status(), 404);
  const auto all = requests("");
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0].text_of("vendor"), "elevate");
  EXPECT_EQ(all[0].text_of("path"), notify_path);
  EXPECT_EQ(all[0].text_of("body"), notification);
  EXPECT_EQ(at(all[0], {"status"}).text, "204");
  EXPECT_EQ(at(all[0], {"headers", "content-type"}).text, "application/json");
  EXPECT_EQ(at(all[6], {"number"}).text, "7");
  EXPECT_EQ(requests("vendor=rokt").size(), 1U);
  EXPECT_EQ(requests("after=5").size(), 2U);
}

TEST_F(port_test, instances_are_accounts_of_their_own) {
  EXPECT_EQ(ask("POST", "/i/second" + notify_path, notification).status(), 204);
  EXPECT_EQ(ask("POST", "/i/bad_name" + notify_path, notification).status(), 404);
  EXPECT_EQ(
      ask("POST", "/_sandbox/accounts", R"({"vendor":"releva","instance":"second","secret":"s"})").status(),
      204);
  const auto accounts = state().find("accounts")->elements;
  ASSERT_EQ(accounts.size(), 2U);
  EXPECT_EQ(accounts[0].text_of("instance"), "second");
  EXPECT_EQ(to_json(at(accounts[0], {"answers"})), R"({"204":1})");
  EXPECT_EQ(accounts[1].text_of("vendor"), "releva");
  order_fault(R"("instance":"second","action":"status","status":500)");
  EXPECT_EQ(notify().status(), 204);
  EXPECT_EQ(ask("POST", "/i/second" + notify_path, notification).status(), 500);
}

TEST_F(port_test, a_secret_can_be_set) {
  const auto with_key = [&](const std::string& key) {
    return exchange(
               vendors->port(), vendors->authority(),
               request_text("POST", "/releva/api/v0/carts", "{}", "Authorization: Bearer " + key + "\r\n"))
        .status();
  };
  EXPECT_EQ(with_key("any"), 400);
  EXPECT_EQ(ask("POST", "/_sandbox/accounts", R"({"vendor":"releva","secret":"right"})").status(), 204);
  EXPECT_EQ(with_key("any"), 401);
  EXPECT_EQ(with_key("right"), 400);
}

TEST_F(port_test, a_reset_loses_the_answer_before_or_after_the_vendor_acted) {
  order_fault(R"("action":"reset","times":1)");
  order_fault(R"("action":"reset","times":1,"after_processing":true)");
  const auto before = notify();
  EXPECT_EQ(before.end, boost::asio::error::connection_reset) << before.end.message();
  EXPECT_EQ(before.text, "");
  EXPECT_EQ(notifications(), "0");
  EXPECT_EQ(notify().end, boost::asio::error::connection_reset);
  EXPECT_EQ(notifications(), "1");
  EXPECT_EQ(notify().status(), 204);
  const auto all = requests("vendor=elevate");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_TRUE(at(all[0], {"status"}).is(value::kind::null));
  EXPECT_EQ(at(all[1], {"fault"}).text, "2");
}

TEST_F(port_test, an_answer_is_cut_dripped_garbled_or_flooded) {
  order_fault(R"("action":"truncate","times":1)");
  order_fault(R"("action":"drip","delay_ms":1,"times":1)");
  order_fault(R"("action":"garbage","times":1)");
  order_fault(R"("action":"flood","bytes":2000000,"times":1)");
  const auto cut = notify();
  EXPECT_THAT(cut.text, testing::StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(cut.text, testing::Not(HasSubstr("\r\n\r\n")));
  EXPECT_EQ(cut.end, boost::asio::ssl::error::stream_truncated) << "no goodbye";
  EXPECT_EQ(notify().status(), 204);
  EXPECT_EQ(notify().status(), 0);
  EXPECT_EQ(notify().body().size(), 2'000'000U);
}

TEST_F(port_test, a_hanging_answer_ends_with_the_client_or_the_server) {
  order_fault(R"("action":"hang")");
  auto hanging = std::async(std::launch::async, [this] { return notify(); });
  EXPECT_EQ(requests("vendor=elevate&count=1&wait_ms=10000").size(), 1U);
  EXPECT_EQ(hanging.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  stop();
  EXPECT_EQ(hanging.get().text, "");
}

TEST_F(port_test, a_delayed_answer_is_counted_at_once_and_cut_short_by_a_stop) {
  EXPECT_EQ(ask("POST", "/_sandbox/accounts", R"({"vendor":"elevate","latency_ms":600000})").status(), 204);
  auto delayed = std::async(std::launch::async, [this] { return notify(); });
  EXPECT_EQ(requests("vendor=elevate&count=1&wait_ms=10000").size(), 1U);
  EXPECT_EQ(notifications(), "1");
  stop();
  EXPECT_EQ(delayed.get().status(), 204);
}

TEST_F(port_test, waiting_for_requests_ends_in_vain_too) {
  EXPECT_TRUE(requests("vendor=rokt&count=1&wait_ms=1").empty());
  for (const std::string query : {"count=x", "limit=-1", "colour=red", "a=%zz"}) {
    EXPECT_EQ(ask("GET", "/_sandbox/requests?" + query).status(), 400) << query;
  }
}

TEST_F(port_test, faults_are_listed_and_taken_back) {
  order_fault(
      R"("action":"status","status":429,"headers":{"Retry-After":"3"},"match":{"body_contains":"n1"})");
  EXPECT_THAT(notify().text, HasSubstr("Retry-After: 3\r\n"));
  const auto listed = *parse_document(ask("GET", "/_sandbox/faults").body());
  ASSERT_EQ(listed.find("faults")->elements.size(), 1U);
  EXPECT_EQ(at(listed.find("faults")->elements[0], {"used"}).text, "1");
  EXPECT_EQ(at(listed.find("faults")->elements[0], {"match", "body_contains"}).text, "n1");
  EXPECT_EQ(ask("DELETE", "/_sandbox/faults/1").status(), 204);
  EXPECT_EQ(ask("DELETE", "/_sandbox/faults/1").status(), 404);
  EXPECT_EQ(notify().status(), 204);
  order_fault(R"("action":"status")");
  EXPECT_EQ(ask("DELETE", "/_sandbox/faults").status(), 204);
  EXPECT_EQ(notify().status(), 204);
  EXPECT_EQ(ask("POST", "/_sandbox/faults", R"({"vendor":"rokt","action":"explode"})").status(), 400);
  EXPECT_EQ(ask("PUT", "/_sandbox/faults").status(), 405);
}

TEST_F(port_test, a_reset_forgets_everything_but_the_numbering) {
  order_fault(R"("action":"status")");
  EXPECT_EQ(notify().status(), 503);
  EXPECT_EQ(ask("DELETE", "/_sandbox").status(), 204);
  EXPECT_TRUE(requests("").empty());
  EXPECT_TRUE(state().find("accounts")->elements.empty());
  EXPECT_EQ(notify().status(), 204);
  EXPECT_EQ(at(requests("").at(0), {"number"}).text, "2");
}

TEST(sandbox_start, writes_its_authority_and_says_what_it_cannot) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "sandbox-start-test";
  std::filesystem::create_directories(folder);
  boost::asio::io_context context;
  options settings;
  settings.port = 0;
  settings.ca_out = folder / "ca.pem";
  settings.log = folder / "log.ndjson";
  const auto first = sandbox::listen(context.get_executor(), settings);
  ASSERT_TRUE(first) << first.error().message();
  std::ifstream file(settings.ca_out);
  const std::string pem(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(pem, (*first)->authority());
  EXPECT_THAT(pem, testing::Not(HasSubstr("PRIVATE KEY")));
  EXPECT_EQ((*first)->url(), "https://127.0.0.1:" + std::to_string((*first)->port()));

  settings.port = (*first)->port();
  EXPECT_FALSE(sandbox::listen(context.get_executor(), settings)) << "the port is taken";
  settings.port = 0;
  settings.ca_out = folder / "no" / "ca.pem";
  EXPECT_EQ(sandbox::listen(context.get_executor(), settings).error().code, errc::cannot_write);
  settings.ca_out = "";
  settings.log = folder / "no" / "log";
  EXPECT_EQ(sandbox::listen(context.get_executor(), settings).error().code, errc::cannot_write);
  settings.log = "";
  settings.secrets = {{"amazon", "s"}};
  EXPECT_EQ(sandbox::listen(context.get_executor(), settings).error().code, errc::bad_option);
  boost::asio::co_spawn(context, (*first)->stop(), boost::asio::use_future);
  context.run();
  std::filesystem::remove_all(folder);
}

TEST(route, is_found_by_vendor_and_instance) {
  EXPECT_EQ(find_route("/releva/api/v0/carts")->rest, (std::vector<std::string>{"api", "v0", "carts"}));
  EXPECT_EQ(find_route("/i/b-2/rokt/v1")->instance, "b-2");
  EXPECT_EQ(find_route("/reloadify/a%2Fb")->rest, std::vector<std::string>{"a/b"});
  EXPECT_TRUE(find_route("/rokt")->rest.empty());
  for (const std::string_view path :
       {"", "/", "rokt", "/amazon/x", "/i", "/i/a", "/i/a/amazon", "/rokt//v1", "/rokt/%zz", "/rokt/"}) {
    EXPECT_FALSE(find_route(path)) << path;
  }
}

}  // namespace
}  // namespace cartrelay::sandbox
