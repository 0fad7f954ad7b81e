#include "daemon/reload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What differs between two configurations that are alike but for one change.
template <class Change>
std::vector<std::string> restart_for(Change change) {
  config::configuration running, next;
  for (auto* each : {&running, &next})
    each->ingest.server.listen = {"127.0.0.1:8470"};
  change(next);
  return needs_restart(running, next);
}

TEST(needs_restart, for_where_it_listens_and_where_the_queue_lies) {
  EXPECT_THAT(restart_for([](auto& next) { next.ingest.server.listen = {"127.0.0.1:9"}; }),
              ElementsAre("ingest.listen"));
  EXPECT_THAT(restart_for([](auto& next) { next.admin.server.listen = {"127.0.0.1:9"}; }),
              ElementsAre("admin.listen"));
  EXPECT_THAT(restart_for([](auto& next) { next.queue.path = "/elsewhere"; }), ElementsAre("queue.path"));
  EXPECT_THAT(restart_for([](auto& next) { next.queue.engine = "memory"; }), ElementsAre("queue.engine"));
  EXPECT_THAT(restart_for([](auto& next) {
                next.queue.path = "/elsewhere";
                next.ingest.server.listen.clear();
              }),
              ElementsAre("ingest.listen", "queue.path"));
}

TEST(needs_restart, for_tls_or_none_but_not_for_another_certificate) {
  EXPECT_THAT(restart_for([](auto& next) { next.ingest.server.tls_certificate = "a.pem"; }),
              ElementsAre("ingest.tls_certificate"));
  config::configuration running, next;
  running.admin.server.tls_certificate = "a.pem";
  next.admin.server.tls_certificate = "b.pem";
  EXPECT_THAT(needs_restart(running, next), IsEmpty());
}

TEST(needs_restart, for_nothing_else) {
  EXPECT_THAT(restart_for([](auto& next) {
                next.queue.max_size /= 2;
                next.shutdown_drain *= 2;
                next.ingest.server.max_connections += 1;
                next.destinations.emplace_back();
              }),
              IsEmpty());
}

TEST(describe_changes, names_what_changed) {
  config::configuration running, next;
  EXPECT_EQ(describe_changes(running, next, {}), "reloaded, nothing was different");
  next.queue.max_size /= 2;
  next.shutdown_drain *= 2;
  dispatch::change_report report;
  report.added = {"rokt"};
  report.removed = {"releva", "elevate"};
  EXPECT_EQ(
      describe_changes(running, next, report),
      "reloaded: queue; shutdown; destinations added: rokt; destinations removed (their backlog is kept): "
      "releva, elevate");
}

}  // namespace
}  // namespace cartrelay::daemon
