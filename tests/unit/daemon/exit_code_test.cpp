#include "daemon/exit_code.hpp"

#include "destinations/errc.hpp"
#include "dispatch/errc.hpp"
#include "http/errc.hpp"
#include "queue/errc.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace cartrelay::daemon::testing {
namespace {

boost::system::error_code of_system(int number) {
  return {number, boost::system::system_category()};
}

struct ending {
  boost::system::error_code why;
  int code;
};
void PrintTo(const ending& which, std::ostream* out) {
  *out << which.why.category().name() << ' ' << which.why.message();
}

class endings : public ::testing::TestWithParam<ending> {};

TEST_P(endings, have_the_documented_code) {
  EXPECT_EQ(exit_code_of(GetParam().why), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    all, endings,
    ::testing::Values(ending{queue::errc::locked, 75}, ending{http::errc::address_in_use, 75},
                      ending{queue::errc::incompatible, 78}, ending{queue::errc::damaged, 78},
                      ending{http::errc::bad_address, 78}, ending{http::errc::bad_certificate, 78},
                      ending{http::errc::bad_key, 78}, ending{http::errc::bad_url, 78},
                      ending{destinations::errc::bad_setting, 78}, ending{dispatch::errc::unknown_kind, 78},
                      ending{dispatch::errc::partitions, 78}, ending{dispatch::errc::unreadable_control, 78},
                      ending{of_system(EACCES), 78}, ending{of_system(EPERM), 78},
                      ending{of_system(EROFS), 78}, ending{of_system(ENOTDIR), 78},
                      ending{queue::errc::read_only, 74}, ending{queue::errc::corrupt, 74},
                      ending{queue::errc::unknown, 74}, ending{of_system(EIO), 74},
                      ending{of_system(ENOSPC), 74}));

}  // namespace
}  // namespace cartrelay::daemon::testing
