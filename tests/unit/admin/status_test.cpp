#include "admin/status_json.hpp"
#include "tests/unit/admin/samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

using namespace std::chrono_literals;
using dispatch::destination_state;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(status, member_for_member) {
  EXPECT_EQ(
      status_json(sample()),
      R"({"version":"0.1.0","state":"running","started_at":"2026-11-21T10:00:00.000Z","uptime_s":90,)"
      R"("ingest":{"accepted_total":100,"duplicate_total":5,"refused_total":3,"requests_in_flight":2,)"
      R"("commit_ms":{"p50":1.250,"p99":8.000}},)"
      R"("queue":{"engine":"rocksdb","events":40,"first_sequence":61,"next_sequence":101,"bytes":4096,)"
      R"("max_bytes":1048576,"oldest_pending_age_s":30.000,"writable":true},)"
      R"("destinations":[{"name":"releva-bg","kind":"releva","state":"active","reason":"","routed_total":100,)"
      R"("backlog":5,"in_flight":2,"retrying":1,"dead_letters":5,"discarded_total":1,"delivered_total":80,)"
      R"("skipped_total":4,"superseded_total":3,"expired_total":2,"attempts_total":30,"failed_attempts_total":6,)"
      R"("oldest_pending_age_s":30.000,"drain_eta_s":12.500,"last_success_at":"2026-11-21T10:01:20.000Z",)"
      R"("last_error":{"at":"2026-11-21T10:01:10.000Z","reason":"http_503","detail":"503 Service Unavailable: busy",)"
      R"("status":503},"next_attempt_at":"2026-11-21T10:01:31.000Z","request_ms":{"p50":20.000,"p99":150.500}}]})");
}

TEST(status, what_is_not_known_is_null) {
  snapshot seen = sample();
  seen.destinations = {dispatch::destination_status{}};
  EXPECT_THAT(
      status_json(seen),
      HasSubstr(R"("oldest_pending_age_s":0.000,"drain_eta_s":null,"last_success_at":null,"last_error":null,)"
                R"("next_attempt_at":null,"request_ms":{"p50":0.000,"p99":0.000}})"));
}

TEST(status, an_error_without_an_answer_has_no_http_status) {
  snapshot seen = sample();
  seen.destinations[0].last_error->status = 0;
  EXPECT_THAT(status_json(seen), HasSubstr(R"("detail":"503 Service Unavailable: busy","status":null})"));
}

TEST(status, nothing_is_configured) {
  snapshot seen = sample();
  seen.destinations.clear();
  EXPECT_THAT(status_json(seen), HasSubstr(R"("destinations":[]})"));
}

TEST(status, an_ailing_queue_says_why) {
  snapshot seen = sample();
  seen.queue.writable = false;
  seen.queue.reason = "disk_low";
  seen.queue.corrupt = 2;
  seen.queue.lost_accepted = 7;
  EXPECT_THAT(
      status_json(seen),
      HasSubstr(R"("writable":false,"reason":"disk_low","corrupt_total":2,"lost_accepted_total":7})"));
}

TEST(status, the_room_on_the_disk_where_it_was_measured) {
  snapshot seen = sample();
  EXPECT_THAT(status_json(seen), Not(HasSubstr("disk_free_bytes")));
  seen.queue.free_disk = 5ull << 30;
  EXPECT_THAT(status_json(seen), HasSubstr(R"("max_bytes":1048576,"disk_free_bytes":5368709120,"oldest)"));
}

TEST(status, what_the_last_reload_came_to) {
  snapshot seen = sample();
  EXPECT_THAT(status_json(seen), Not(HasSubstr("last_reload")));
  seen.last_reload = {seen.started_at + 5s, "reload refused, nothing changed"};
  EXPECT_THAT(
      status_json(seen),
      HasSubstr(
          R"("last_reload":{"at":"2026-11-21T10:00:05.000Z","result":"reload refused, nothing changed"})"));
}

TEST(status, words_of_strangers_are_escaped) {
  snapshot seen = sample();
  seen.destinations[0].last_error->detail = "</script>\"\n\x01";
  EXPECT_THAT(status_json(seen), HasSubstr(R"("detail":"</script>\"\n\u0001")"));
}

TEST(overall_state, is_degraded_while_a_destination_in_use_is_not_active) {
  for (const auto state :
       {destination_state::backing_off, destination_state::suspended, destination_state::paused}) {
    snapshot seen = sample();
    seen.destinations[0].state = state;
    EXPECT_EQ(overall_state(seen), "degraded");
    seen.destinations[0].enabled = false;
    EXPECT_EQ(overall_state(seen), "running");
    seen.destinations[0].enabled = true;
    seen.destinations[0].configured = false;
    EXPECT_EQ(overall_state(seen), "running");
  }
}

TEST(overall_state, is_degraded_while_the_queue_takes_nothing) {
  snapshot seen = sample();
  seen.queue.writable = false;
  EXPECT_EQ(overall_state(seen), "degraded");
}

TEST(overall_state, stopping_goes_before_everything) {
  snapshot seen = sample();
  seen.queue.writable = false;
  seen.phase = phase::stopping;
  EXPECT_EQ(overall_state(seen), "stopping");
}

TEST(oldest_pending_age, is_that_of_the_oldest_destination_and_never_negative) {
  snapshot seen = sample();
  seen.destinations.push_back(seen.destinations[0]);
  seen.destinations[1].oldest_pending = started + 10s;
  EXPECT_EQ(oldest_pending_age_s(seen), 80);
  seen.destinations[0].oldest_pending.reset();
  seen.destinations[1].oldest_pending = seen.now + 10s;  // the clock was set back
  EXPECT_EQ(oldest_pending_age_s(seen), 0);
}

}  // namespace
}  // namespace cartrelay::admin::testing
