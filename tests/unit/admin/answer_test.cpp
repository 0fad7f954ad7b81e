#include "admin/answer.hpp"

#include "dispatch/errc.hpp"
#include "queue/errc.hpp"
#include "tests/unit/admin/support.hpp"

#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

TEST(answer_failure, gives_the_reasons_that_ingest_gives) {
  using queue::errc;
  for (const auto& [code, reason] :
       {std::pair(errc::full, "queue_full"), std::pair(errc::disk_low, "disk_low"),
        std::pair(errc::stopped, "stopping"), std::pair(errc::read_only, "read_only"),
        std::pair(errc::unknown, "unknown"), std::pair(errc::busy, "busy"),
        std::pair(errc::corrupt, "storage")}) {
    const auto answer = answer_failure(queue::fail(code));
    EXPECT_EQ(answer.status, 503) << reason;
    EXPECT_EQ(json(answer).at("reason"), reason);
  }
  EXPECT_EQ(answer_failure(queue::fail(errc::not_found)).status, 404);
}

TEST(answer_failure, says_that_the_daemon_stops) {
  const auto answer = answer_failure(dispatch::fail(dispatch::errc::stopping));
  EXPECT_EQ(json(answer).at("reason"), "stopping");
  EXPECT_EQ(json(answer).at("detail"), "the daemon is stopping");
}

}  // namespace
}  // namespace cartrelay::admin::testing
