#include "http/resolver.hpp"

#include "tests/unit/http/support.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace cartrelay::http::testing {
namespace {

std::vector<std::string> names_of_threads() {
  std::vector<std::string> out;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(each.path() / "comm");
    std::getline(file, out.emplace_back());
  }
  return out;
}

TEST(resolver, has_a_thread_that_is_told_from_others) {
  io_thread io;
  const auto subject = std::make_shared<resolver>(io.executor());
  ASSERT_TRUE(io.run(subject->resolve("localhost", "443", std::chrono::seconds(30))));
  EXPECT_EQ(std::ranges::count(names_of_threads(), "resolver"), 1);
  io.call([&] { subject->stop(); });
}

}  // namespace
}  // namespace cartrelay::http::testing
