#include "admin/routes.hpp"

#include <gtest/gtest.h>

namespace cartrelay::admin::testing {
namespace {

struct expected {
  const char* path;
  resource what;
  exposure shown;
  const char* allow;
  const char* argument;
};

TEST(routes, everything_that_is_here) {
  for (const auto& each : {
           expected{"/livez", resource::livez, exposure::anybody, "GET, HEAD", ""},
           expected{"/readyz", resource::readyz, exposure::anybody, "GET, HEAD", ""},
           expected{"/status", resource::status, exposure::figures, "GET, HEAD", ""},
           expected{"/metrics", resource::metrics, exposure::figures, "GET, HEAD", ""},
           expected{"/", resource::asset, exposure::anybody, "GET, HEAD", "/"},
           expected{"/dashboard.js", resource::asset, exposure::anybody, "GET, HEAD", "/dashboard.js"},
           expected{"/v1/events", resource::events, exposure::guarded, "GET, HEAD", ""},
           expected{"/v1/events/17", resource::event, exposure::guarded, "GET, HEAD", "17"},
           expected{"/v1/dead-letters", resource::dead_letters, exposure::guarded, "GET, HEAD", ""},
           expected{"/v1/dead-letters/a-b-17", resource::dead_letter, exposure::guarded, "GET, HEAD",
                    "a-b-17"},
           expected{"/v1/dead-letters/replay", resource::replay, exposure::guarded, "POST", ""},
           expected{"/v1/dead-letters/discard", resource::discard, exposure::guarded, "POST", ""},
           expected{"/v1/destinations/r-1/pause", resource::pause, exposure::guarded, "POST", "r-1"},
           expected{"/v1/destinations/r-1/resume", resource::resume, exposure::guarded, "POST", "r-1"},
           expected{"/v1/destinations/r%201/resume", resource::resume, exposure::guarded, "POST", "r 1"},
           expected{"/v1/preview", resource::preview, exposure::guarded, "POST", ""},
           expected{"/v1/customers", resource::customers, exposure::guarded, "DELETE", ""},
       }) {
    const auto found = find_route(each.path);
    ASSERT_TRUE(found) << each.path;
    EXPECT_EQ(found->what, each.what) << each.path;
    EXPECT_EQ(found->shown, each.shown) << each.path;
    EXPECT_EQ(found->allow(), each.allow) << each.path;
    EXPECT_EQ(found->argument, each.argument) << each.path;
  }
}

TEST(routes, nothing_else) {
  for (const char* path : {"",
                           "/v1",
                           "/v1/",
                           "/Status",
                           "/status/",
                           "//status",
                           "/../status",
                           "/%2e%2e/status",
                           "/./status",
                           "/v1/events/",
                           "/v1/events/1/2",
                           "/v1/events/../dead-letters",
                           "/v1/dead-letters/",
                           "/v1/dead-letters/a/b",
                           "/v1/destinations",
                           "/v1/destinations/",
                           "/v1/destinations/pause",
                           "/v1/destinations//pause",
                           "/v1/destinations/a/b/pause",
                           "/v1/destinations/a/stop",
                           "/v1/events/%zz",
                           "/v1/events/%ff",
                           "/dashboard.css/x"})
    EXPECT_FALSE(find_route(path)) << path;
}

}  // namespace
}  // namespace cartrelay::admin::testing
