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

TEST(descriptors, vendors_leave_half_of_them_to_the_others) {
  auto settings = with_five_vendors();
  EXPECT_THAT(fit_concurrency(settings, 1'024), IsEmpty());
  settings.destinations[0].name = "greedy";
  settings.destinations[0].concurrency = 240;
  const auto told = fit_concurrency(settings, 256);
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(told[0], HasSubstr("destination greedy: concurrency is "));
  EXPECT_THAT(told[0], HasSubstr("and not 240: the process may have 256 descriptors"));
  std::size_t all = 0;
  for (const auto& destination : settings.destinations) {
    EXPECT_GE(destination.concurrency, 1u);
    all += destination.concurrency;
  }
  EXPECT_LE(all, 128u);
}

TEST(descriptors, the_queue_opens_fewer_tables_where_there_are_few) {
  const auto settings = with_five_vendors();
  EXPECT_EQ(tables_within(settings, descriptors_wanted(settings)), 512u);
  EXPECT_EQ(tables_within(settings, 256), 64u);
  EXPECT_EQ(tables_within(settings, 16), 20u);
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
