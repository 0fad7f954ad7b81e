#include "daemon/descriptors.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

namespace cartrelay::daemon::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

config::configuration with_five_vendors() {
  auto settings = config::defaults();
  settings.destinations.resize(5);
  return settings;
}

std::size_t clients(const config::configuration& settings) {
  return settings.ingest.server.max_connections + settings.admin.server.max_connections;
}

TEST(descriptors, enough_of_them_change_nothing) {
  auto settings = with_five_vendors();
  const auto before = settings;
  EXPECT_THAT(fit_connections(settings, descriptors_wanted(settings)), IsEmpty());
  EXPECT_TRUE(settings == before);
}

TEST(descriptors, clients_never_get_those_of_the_queue_and_the_vendors) {
  for (const std::size_t limit : {64u, 256u, 1024u, 1500u}) {
    auto settings = with_five_vendors();
    const auto told = fit_connections(settings, limit);
    ASSERT_EQ(told.size(), 2u);
    EXPECT_THAT(told[0], HasSubstr("[ingest] max_connections"));
    EXPECT_GE(limit - clients(settings),
              std::min<std::size_t>(40 + 512 + 5 * 9, std::max<std::size_t>(40, limit / 2)));
    EXPECT_GT(settings.ingest.server.max_connections, settings.admin.server.max_connections);
    EXPECT_GE(settings.admin.server.max_connections, 4u);
  }
}

TEST(descriptors, a_few_clients_are_always_taken) {
  auto settings = with_five_vendors();
  EXPECT_EQ(fit_connections(settings, 10).size(), 2u);
  EXPECT_EQ(clients(settings), 8u);
}

TEST(descriptors, a_listener_that_asks_for_little_leaves_the_rest_to_the_other) {
  auto settings = with_five_vendors();
  settings.admin.server.max_connections = 2;
  EXPECT_THAT(fit_connections(settings, 1000), ::testing::SizeIs(1));
  EXPECT_EQ(settings.admin.server.max_connections, 2u);
  EXPECT_EQ(settings.ingest.server.max_connections, 1000u - 500 - 2);
}

TEST(descriptors, the_soft_limit_is_raised_and_the_hard_one_is_kept) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(50), 100u) << "never lowered";
  EXPECT_EQ(raise_descriptor_limit(150), 150u);
  const auto most = static_cast<std::size_t>(before.rlim_max);
  EXPECT_EQ(raise_descriptor_limit(most), most);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace cartrelay::daemon::testing
