#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::config::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(values, an_empty_file_is_the_defaults) {
  EXPECT_EQ(accepted(""), defaults());
}

TEST(values, the_defaults_are_the_documented_ones) {
  const auto all = defaults();
  EXPECT_THAT(all.ingest.server.listen, ElementsAre("127.0.0.1:8470"));
  EXPECT_THAT(all.admin.server.listen, ElementsAre("127.0.0.1:8471"));
  EXPECT_EQ(all.ingest.server.max_body, 1u << 20);
  EXPECT_EQ(all.ingest.max_events_per_request, 1000u);
  EXPECT_EQ(all.ingest.server.request_timeout, 30s);
  EXPECT_EQ(all.ingest.server.max_connections, 1024u);
  EXPECT_FALSE(all.ingest.allow_plaintext);
  EXPECT_EQ(all.queue.engine, "rocksdb");
  EXPECT_EQ(all.queue.path, "/var/lib/cartrelay");
  EXPECT_EQ(all.queue.max_size, 10ull << 30);
  EXPECT_EQ(all.queue.min_free_disk, 512ull << 20);
  EXPECT_EQ(all.queue.retention, 168h);
  EXPECT_EQ(all.queue.dead_letter_retention, 720h);
  EXPECT_EQ(all.queue.dedup_window, 24h);
  EXPECT_EQ(all.log.minimum, base::log::level::info);
  EXPECT_EQ(all.shutdown_drain, 10s);
  EXPECT_TRUE(all.destinations.empty());
}

TEST(values, ingest) {
  const auto read = accepted(R"(
[ingest]
listen = ["127.0.0.1:1", "[::1]:2", "unix:/run/x.sock"]
max_body = "2MiB"
max_events_per_request = 7
request_timeout = "1m30s"
max_connections = 3
unknown_members = "keep"
)")
                        .ingest;
  EXPECT_THAT(read.server.listen, ElementsAre("127.0.0.1:1", "[::1]:2", "unix:/run/x.sock"));
  EXPECT_EQ(read.server.max_body, 2u << 20);
  EXPECT_EQ(read.max_events_per_request, 7u);
  EXPECT_EQ(read.server.request_timeout, 90s);
  EXPECT_EQ(read.server.max_connections, 3u);
  EXPECT_EQ(read.events.unknown, event::options::unknown_members::keep);
}

TEST(values, queue_log_and_shutdown) {
  const auto read = accepted(R"(
[queue]
engine = "memory"
path = "q"
max_size = 1073741824
min_free_disk = "0"
retention = "1h"
dead_letter_retention = "2d"
dedup_window = "30m"
[log]
level = "warning"
format = "json"
[shutdown]
drain = "0s"
)");
  EXPECT_EQ(read.queue.engine, "memory");
  EXPECT_EQ(read.queue.path, "q");
  EXPECT_EQ(read.queue.max_size, 1ull << 30);
  EXPECT_EQ(read.queue.min_free_disk, 0u);
  EXPECT_EQ(read.queue.retention, 1h);
  EXPECT_EQ(read.queue.dead_letter_retention, 48h);
  EXPECT_EQ(read.queue.dedup_window, 30min);
  EXPECT_EQ(read.log.minimum, base::log::level::warning);
  EXPECT_EQ(read.log.shape, base::log::format::json);
  EXPECT_EQ(read.shutdown_drain, 0s);
}

TEST(values, what_every_destination_takes) {
  const environment secret("CARTRELAY_TEST_SECRET", "s3cret");
  const auto read = accepted(R"(
[[destinations]]
name = "first-1"
kind = "releva"
enabled = false
events = ["order.paid", "cart.updated"]
filter = { source = ["shop/bg"], market = ["BG"], language = ["bg"] }
url = "https://other.example/api"
secret = { env = "CARTRELAY_TEST_SECRET" }
proxy = "http://127.0.0.1:3128"
connect_timeout = "1s"
request_timeout = "2s"
concurrency = 3
rate = { per_second = 2.5, burst = 10 }
batch = { max_events = 5, max_bytes = "64KiB", linger = "10ms" }
retry = { initial = "2s", max = "1m", max_age = "1h" }
on_in_doubt = "dead_letter"
)");
  ASSERT_EQ(read.destinations.size(), 1u);
  const auto& one = read.destinations.front();
  EXPECT_EQ(one.name, "first-1");
  EXPECT_EQ(one.kind, "releva");
  EXPECT_FALSE(one.enabled);
  EXPECT_THAT(one.events, ElementsAre(event::event_type::order_paid, event::event_type::cart_updated));
  EXPECT_EQ(one.filter, (destinations::filter_options{{"shop/bg"}, {"BG"}, {"bg"}}));
  EXPECT_EQ(one.url, "https://other.example/api");
  EXPECT_EQ(one.secret, base::secret("s3cret"));
  EXPECT_EQ(one.proxy, "http://127.0.0.1:3128");
  EXPECT_EQ(one.connect_timeout, 1s);
  EXPECT_EQ(one.request_timeout, 2s);
  EXPECT_EQ(one.concurrency, 3u);
  EXPECT_EQ(one.rate, (destinations::rate_options{2.5, 10}));
  EXPECT_EQ(one.batch, (destinations::batch_options{5, 64 << 10, 10ms}));
  EXPECT_EQ(one.retry, (destinations::retry_options{2s, 1min, 1h}));
  EXPECT_EQ(one.on_in_doubt, destinations::on_in_doubt::dead_letter);
}

TEST(values, what_a_kind_has_of_its_own) {
  const environment secret("CARTRELAY_TEST_SECRET", "s3cret");
  const auto read = accepted(R"(
[[destinations]]
name = "r"
kind = "reloadify"
client_id = "us"
client_secret = { env = "CARTRELAY_TEST_SECRET" }
languages = ["bg", "en"]
delete_cart_on_order_paid = true
)");
  ASSERT_EQ(read.destinations.size(), 1u);
  const auto& own = read.destinations.front().own;
  EXPECT_EQ(std::get<std::string>(own.at("client_id")), "us");
  EXPECT_EQ(std::get<base::secret>(own.at("client_secret")), base::secret("s3cret"));
  EXPECT_THAT(std::get<std::vector<std::string>>(own.at("languages")), ElementsAre("bg", "en"));
  EXPECT_TRUE(std::get<bool>(own.at("delete_cart_on_order_paid")));
  EXPECT_EQ(std::get<std::string>(own.at("token_url")), "https://app.reloadify.com/oauth/token");
}

TEST(values, a_kind_brings_its_own_defaults) {
  const auto read = accepted(R"(
[[destinations]]
name = "e"
kind = "elevate"
url = "https://cluster.example"
)");
  ASSERT_EQ(read.destinations.size(), 1u);
  EXPECT_EQ(read.destinations.front().retry.max_age, 30min);
  EXPECT_EQ(read.destinations.front().retry.initial, 1s);
}

TEST(values, destinations_stay_in_the_order_of_the_file) {
  const auto read = accepted(R"(
[[destinations]]
name = "z"
kind = "elevate"
url = "https://a.example"
[[destinations]]
name = "a"
kind = "elevate"
url = "https://b.example"
)");
  ASSERT_EQ(read.destinations.size(), 2u);
  EXPECT_EQ(read.destinations[0].name, "z");
  EXPECT_EQ(read.destinations[1].name, "a");
}

}  // namespace
}  // namespace cartrelay::config::testing
