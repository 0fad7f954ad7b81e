#include "admin/metrics.hpp"

#include "tests/unit/admin/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace cartrelay::admin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// name and labels → value, as a scraper reads them; the exposition's own rules are checked on the way.
std::map<std::string, double> scrape(const std::string& text) {
  static const std::regex sample_form(R"(([a-z_]+)(\{[^}]*\})? ([0-9.e+-]+))");
  std::map<std::string, double> out;
  std::set<std::string> helped, typed;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, what, name;
    words >> hash >> what >> name;
    if (hash == "#") {
      EXPECT_TRUE((what == "HELP" ? helped : typed).insert(name).second) << line;
      continue;
    }
    std::smatch parts;
    EXPECT_TRUE(std::regex_match(line, parts, sample_form)) << line;
    if (parts.empty()) continue;
    EXPECT_TRUE(typed.contains(parts[1].str()) && helped.contains(parts[1].str())) << line;
    EXPECT_TRUE(out.emplace(parts[1].str() + parts[2].str(), std::stod(parts[3].str())).second) << line;
  }
  return out;
}

const std::string marks = R"({destination="releva-bg",kind="releva"})";
std::string marked(const std::string& name, const std::string& value) {
  return R"({destination="releva-bg",kind="releva",)" + name + "=\"" + value + "\"}";
}

TEST(metrics, the_figures_of_the_daemon) {
  auto seen = scrape(metrics_text(sample()));
  EXPECT_EQ(seen.at(R"(cartrelay_build_info{version="0.1.0"})"), 1);
  EXPECT_EQ(seen.at("cartrelay_start_time_seconds"), 1'795'255'200);
  EXPECT_EQ(seen.at(R"(cartrelay_state{state="running"})"), 1);
  EXPECT_EQ(seen.at(R"(cartrelay_state{state="degraded"})"), 0);
  EXPECT_EQ(seen.at("cartrelay_ingest_accepted_total"), 100);
  EXPECT_EQ(seen.at("cartrelay_ingest_duplicate_total"), 5);
  EXPECT_EQ(seen.at("cartrelay_ingest_refused_total"), 3);
  EXPECT_EQ(seen.at("cartrelay_ingest_requests_in_flight"), 2);
  EXPECT_EQ(seen.at(R"(cartrelay_ingest_commit_seconds{quantile="0.5"})"), 0.00125);
  EXPECT_EQ(seen.at("cartrelay_queue_events"), 40);
  EXPECT_EQ(seen.at("cartrelay_queue_bytes"), 4096);
  EXPECT_EQ(seen.at("cartrelay_queue_max_bytes"), 1 << 20);
  EXPECT_EQ(seen.at("cartrelay_queue_writable"), 1);
  EXPECT_EQ(seen.at("cartrelay_queue_oldest_pending_age_seconds"), 30);
}

TEST(metrics, the_room_on_the_disk_where_it_was_measured) {
  auto seen = sample();
  EXPECT_FALSE(scrape(metrics_text(seen)).contains("cartrelay_queue_disk_free_bytes"));
  seen.queue.free_disk = 4096;
  EXPECT_EQ(scrape(metrics_text(seen)).at("cartrelay_queue_disk_free_bytes"), 4096);
}

TEST(metrics, the_figures_of_a_destination_balance_as_in_status) {
  auto seen = scrape(metrics_text(sample()));
  const auto of = [&](const std::string& name) { return seen.at("cartrelay_destination_" + name + marks); };
  EXPECT_EQ(of("routed_total"), 100);
  EXPECT_EQ(of("routed_total"), of("delivered_total") + of("skipped_total") + of("superseded_total") +
                                    of("expired_total") + of("discarded_total") + of("dead_letters") +
                                    of("backlog"));
  EXPECT_EQ(of("in_flight"), 2);
  EXPECT_EQ(of("retrying"), 1);
  EXPECT_EQ(of("attempts_total"), 30);
  EXPECT_EQ(of("failed_attempts_total"), 6);
  EXPECT_EQ(of("oldest_pending_age_seconds"), 30);
  EXPECT_EQ(of("drain_eta_seconds"), 12.5);
  EXPECT_EQ(of("last_success_timestamp_seconds"), 1'795'255'280);
  EXPECT_EQ(seen.at("cartrelay_destination_state" + marked("state", "active")), 1);
  EXPECT_EQ(seen.at("cartrelay_destination_state" + marked("state", "suspended")), 0);
  EXPECT_EQ(seen.at("cartrelay_destination_request_seconds" + marked("quantile", "0.99")), 0.1505);
}

TEST(metrics, kinds_of_figures) {
  const auto text = metrics_text(sample());
  EXPECT_THAT(text, HasSubstr("# TYPE cartrelay_destination_delivered_total counter\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE cartrelay_destination_backlog gauge\n"));
  EXPECT_THAT(text, HasSubstr("# HELP cartrelay_destination_backlog "));
}

TEST(metrics, what_is_not_known_has_no_sample) {
  auto unknown = sample();
  unknown.destinations[0].drain_eta_s.reset();
  unknown.destinations[0].last_success_at.reset();
  const auto text = metrics_text(unknown);
  EXPECT_THAT(text, Not(HasSubstr("drain_eta_seconds{")));
  EXPECT_THAT(text, Not(HasSubstr("last_success_timestamp_seconds{")));
  scrape(text);
}

TEST(metrics, without_destinations) {
  auto none = sample();
  none.destinations.clear();
  const auto text = metrics_text(none);
  EXPECT_THAT(text, Not(HasSubstr("destination_")));
  EXPECT_THAT(text, HasSubstr("cartrelay_queue_events 40\n"));
}

}  // namespace
}  // namespace cartrelay::admin::testing
