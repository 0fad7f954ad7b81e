#include "daemon/client/status_table.hpp"

#include "daemon/client/text_columns.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <sstream>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string destination(std::string_view name, std::string_view state = "active", std::uint64_t counts = 0,
                        std::string_view reason = "") {
  return fmt::format(
      R"({{"name":"{}","state":"{}","reason":"{}","delivered_total":{},"backlog":{},"retrying":{},"in_flight":{},)"
      R"("dead_letters":{},"oldest_pending_age_s":90061.0,"last_error":null}})",
      name, state, reason, counts, counts, counts, counts, counts);
}

boost::json::value status(const std::vector<std::string>& destinations, std::uint64_t counts = 0) {
  return boost::json::parse(fmt::format(
      R"({{"version":"0.1.0","state":"running","uptime_s":3,"ingest":{{"accepted_total":{0},"duplicate_total":{0},)"
      R"("refused_total":{0},"commit_ms":{{"p50":4.1,"p99":6.9}}}},)"
      R"("queue":{{"events":{0},"bytes":1024,"max_bytes":2048,"writable":false}},"destinations":[{1}]}})",
      counts, fmt::join(destinations, ",")));
}

std::string shown(const boost::json::value& of, std::size_t width, bool colours) {
  return status_table(of, base::parse_rfc3339("2026-11-22T10:00:00Z").value(), width, colours);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

std::string line_with(const std::string& table, std::string_view word) {
  for (const auto& line : lines_of(table))
    if (line.find(word) != std::string::npos) return line;
  return {};
}

const std::vector<std::string> vendors{destination("releva"), destination("esputnik", "suspended", 2),
                                       destination("rokt", "backing_off", 1'234'567)};

TEST(status_table, stands_under_its_headings) {
  const auto table = shown(status(vendors), 80, false);
  const auto heading = line_with(table, "DESTINATION"), row = line_with(table, "esputnik");
  ASSERT_EQ(heading.size(), row.size()) << table;
  for (const char* column : {"DELIVERED", "BACKLOG", "RETRYING", "IN FLIGHT", "DEAD"}) {
    const auto at = heading.find(column);
    ASSERT_NE(at, std::string::npos) << table;
    const auto end = at + std::string_view(column).size();
    EXPECT_EQ(row[end - 1], '2') << column << '\n' << table;
  }
  EXPECT_EQ(row.find("suspended"), heading.find("STATE"));
}

TEST(status_table, has_the_room_on_the_disk_and_the_last_reload_where_they_are_known) {
  auto seen = status(vendors);
  EXPECT_THAT(shown(seen, 80, false), Not(HasSubstr("disk free")));
  EXPECT_THAT(shown(seen, 80, false), Not(HasSubstr("reload")));
  seen.at("queue").as_object()["disk_free_bytes"] = 3 << 20;
  seen.as_object()["last_reload"] = {{"at", "2026-11-22T09:59:00.000Z"}, {"result", "reloaded: rokt added"}};
  EXPECT_THAT(shown(seen, 80, false), HasSubstr("1.0 KiB of 2.0 KiB  disk free 3.0 MiB"));
  EXPECT_THAT(shown(seen, 80, false),
              HasSubstr("\nreload  reloaded: rokt added (2026-11-22T09:59:00.000Z)\n"));
}

TEST(status_table, is_never_wider_than_the_terminal) {
  const std::string longest(40, 'n');
  const auto with = [&](std::uint64_t counts) {
    auto all = vendors;
    all.push_back(destination(longest, "suspended", counts, std::string(300, 'r')));
    return status(all, counts);
  };
  for (const std::size_t width : {40u, 60u, 80u, 81u, 120u, 200u})
    for (const std::uint64_t counts : {std::uint64_t{0}, std::uint64_t{123'456'789}})
      for (const auto& line : lines_of(shown(with(counts), width, false)))
        EXPECT_LE(columns_of(line), width) << line;
}

TEST(status_table, tells_the_counts_that_matter_most_in_a_narrow_terminal) {
  const auto heading = line_with(shown(status(vendors), 40, false), "STATE");
  EXPECT_THAT(heading, HasSubstr("BACKLOG"));
  EXPECT_THAT(heading, Not(HasSubstr("IN FLIGHT")));
}

TEST(status_table, counts_one_event_as_one) {
  EXPECT_THAT(line_with(shown(status({}, 1), 80, false), "queue"), HasSubstr(" 1 event "));
  EXPECT_THAT(line_with(shown(status({}, 2), 80, false), "queue"), HasSubstr(" 2 events "));
}

boost::json::value damaged(std::uint64_t counts) {
  auto all = status({});
  auto& queue = all.at("queue").as_object();
  queue["lost_accepted_total"] = queue["corrupt_total"] = counts;
  queue["data_loss_accepted_at"] = "2026-11-22T10:00:00.000Z";
  return all;
}

TEST(status_table, tells_what_a_damaged_disk_has_cost) {
  EXPECT_THAT(shown(damaged(640), 80, false),
              HasSubstr("\n        640 acknowledged events given up at 2026-11-22T10:00:00.000Z\n"
                        "        640 corrupt records set aside\n"));
  EXPECT_THAT(shown(damaged(1), 40, true),
              HasSubstr("\x1b[1;31m        1 acknowledged event given up at\n        2026-11-22T10:00:00.000Z"
                        "\x1b[0m\n\x1b[1;31m        1 corrupt record set aside\x1b[0m\n"));
  EXPECT_THAT(shown(status({}), 80, false), Not(AnyOf(HasSubstr("given up"), HasSubstr("set aside"))));
}

TEST(status_table, tells_what_expired) {
  auto one = destination("elevate");
  one.insert(one.size() - 1, R"(,"expired_total":1)");
  EXPECT_THAT(shown(status({one}), 80, false), HasSubstr("expired: 1 event, older than max_age"));
  EXPECT_THAT(shown(status({destination("elevate")}), 80, false), Not(HasSubstr("expired")));
}

TEST(status_table, tells_where_every_event_is_refused_for_good) {
  auto one = destination("releva");
  boost::json::value seen = boost::json::parse(one);
  seen.at("dead_letters") = 1500;
  seen.as_object()["last_error"] = boost::json::parse(
      R"({"at":"2026-11-22T09:22:48.999Z","reason":"rejected","detail":"400 Bad Request"})");
  EXPECT_THAT(
      shown(status({boost::json::serialize(seen)}), 200, false),
      EndsWith("\n  └ 1500 dead letters: cartrelay dead-letters list --group --destination releva; last "
               "error 09:22:48Z: 400 Bad Request\n"));
  EXPECT_THAT(shown(status({one}), 200, false), Not(HasSubstr("dead letter")));
}

TEST(status_table, tells_what_only_a_person_can_end) {
  EXPECT_THAT(shown(status({destination("old", "paused", 0, "not in the configuration")}), 200, false),
              HasSubstr("└ not in the configuration; put its entry back, or give its rest up: cartrelay "
                        "dead-letters discard --destination old\n"));
  EXPECT_THAT(
      shown(status({destination("rokt", "suspended", 0, "credential: http_401")}), 200, false),
      HasSubstr("└ credential: http_401; renew the secret, then reload (a systemd credential: restart)\n"));
}

TEST(status_table, rounds_no_span_up) {
  const auto waits = [](std::string_view until) {
    const auto at = fmt::format(R"(,"next_attempt_at":"{}")", until);
    auto one = destination("rokt", "backing_off", 0, "breaker: dns");
    one.insert(one.size() - 1, at);
    return shown(status({one}), 200, false);
  };
  EXPECT_THAT(waits("2026-11-22T10:00:59.900Z"), HasSubstr("(in 59s)"));
  EXPECT_THAT(waits("2026-11-22T10:59:59Z"), HasSubstr("(in 59m)"));
  EXPECT_THAT(waits("2026-11-22T11:59:59Z"), HasSubstr("(in 1.9h)"));
}

TEST(status_table, does_its_best_below_that) {
  EXPECT_EQ(line_with(shown(status(vendors), 24, false), "STATE"), "DESTINATION STATE      ");
  for (const std::size_t width : {1u, 10u, 30u}) {
    const auto table = shown(status(vendors), width, false);
    for (const auto& line : lines_of(table))
      EXPECT_LE(columns_of(line), 40u) << line;
    EXPECT_THAT(table, HasSubstr("esputnik"));
  }
}

TEST(status_table, shows_names_whole) {
  const auto first = std::string(39, 'n') + "1", second = std::string(39, 'n') + "2";
  const auto all = status({destination(first), destination(second)});
  for (const std::size_t width : {40u, 80u, 200u}) {
    const auto table = shown(all, width, false);
    EXPECT_THAT(table, HasSubstr(first));
    EXPECT_THAT(table, HasSubstr(second));
  }
  EXPECT_THAT(line_with(shown(all, 200, false), first), HasSubstr("active"));
}

/// With members that take the place of others.
std::string with(std::string one, std::string_view members) {
  one.insert(one.size() - 1, members);
  return one;
}

TEST(status_table, tells_when_a_destination_in_trouble_failed_and_goes_on) {
  const auto rokt =
      with(destination("rokt", "backing_off", 7, "breaker: http_500"),
           R"(,"next_attempt_at":"2026-11-22T10:07:00.000Z","drain_eta_s":600.4,)"
           R"("last_success_at":"2026-11-21T09:15:39.123Z","last_error":{"at":"2026-11-22T09:22:48.999Z",)"
           R"("reason":"http_500","detail":"500 Internal Server Error","status":500})");
  EXPECT_THAT(
      shown(status({rokt}), 200, false),
      EndsWith("\n  └ breaker: http_500; next attempt 10:07:00Z (in 7m); backlog done in about 10m; last "
               "success 2026-11-21 09:15:39Z; last error 09:22:48Z: 500 Internal Server Error\n"));
  EXPECT_THAT(shown(status({rokt}), 80, false),
              EndsWith("\n  └ breaker: http_500; next attempt 10:07:00Z (in 7m); backlog done in about\n"
                       "    10m; last success 2026-11-21 09:15:39Z; last error 09:22:48Z: 500 Internal\n"
                       "    Server Error\n"));
  const auto due = with(destination("rokt", "active", 7),
                        R"(,"next_attempt_at":"2026-11-22T10:00:00.000Z","last_error":{"reason":"dns"})");
  EXPECT_THAT(shown(status({due}), 80, false), EndsWith("  └ next attempt 10:00:00Z; last error: dns\n"));
}

TEST(status_table, tells_no_more_than_a_long_backlog_of_one_that_is_well) {
  const std::string_view members =
      R"(,"last_success_at":"2026-11-22T09:15:39.123Z","last_error":{"reason":"dns","detail":""},"drain_eta_s":)";
  const auto one = destination("rokt");
  EXPECT_THAT(shown(status({with(one, std::string(members) + "60.0")}), 80, false),
              EndsWith("\n  └ backlog done in about 1m\n"));
  EXPECT_THAT(shown(status({with(one, std::string(members) + "59.0")}), 80, false), Not(HasSubstr("└")));
}

TEST(status_table, breaks_a_long_word_between_characters) {
  std::string reason;
  for (int i = 0; i < 100; ++i)
    reason += "ж";
  const auto lines = lines_of(shown(status({destination("e", "suspended", 0, reason)}), 41, false));
  ASSERT_GE(lines.size(), 3u);
  for (const auto& line : {lines.end()[-3], lines.end()[-2]}) {
    EXPECT_THAT(line, EndsWith("ж"));
    EXPECT_EQ(columns_of(line), 41u);
  }
  EXPECT_EQ(columns_of(lines.back()), 4 + 100 - 2 * 37u);
}

TEST(status_table, colours_take_no_room) {
  auto coloured = shown(status(vendors), 80, true);
  EXPECT_THAT(coloured, HasSubstr("\x1b[1;31msuspended"));
  for (const std::string_view code : {"\x1b[1;31m", "\x1b[32m", "\x1b[0m"})
    for (auto at = coloured.find(code); at != std::string::npos; at = coloured.find(code))
      coloured.erase(at, code.size());
  EXPECT_EQ(coloured, shown(status(vendors), 80, false));
}

}  // namespace
}  // namespace cartrelay::daemon::testing
