#include "queue/rocksdb/ballast.hpp"

#include "tests/contract/queue/support.hpp"

namespace cartrelay::queue::testing {
namespace {

constexpr std::uint64_t plenty = 1 << 30;

class ballast : public ::testing::Test {
 protected:
  void lay(std::uint64_t min_free_disk, std::uint64_t free_disk = plenty) {
    auto settings = settings_in(folder_.path());
    settings.min_free_disk = min_free_disk;
    rocks::ballast(settings).lay(free_disk);
  }
  [[nodiscard]] std::uint64_t size() const {
    std::error_code missing;
    const auto found = std::filesystem::file_size(folder_.path() / "ballast", missing);
    return missing ? 0 : found;
  }

  temporary_folder folder_;
};

TEST_F(ballast, is_half_of_the_floor_and_keeps_it) {
  lay(64 << 10, 96 << 10);
  EXPECT_EQ(size(), 0u);
  lay(64 << 10);
  EXPECT_EQ(size(), 32u << 10);
}

TEST_F(ballast, shrinks_with_the_floor) {
  lay(64 << 10);
  lay(32 << 10, 20 << 10);
  EXPECT_EQ(size(), 16u << 10) << "in the room of the larger one";
  lay(0);
  EXPECT_EQ(size(), 0u);
}

TEST_F(ballast, that_is_too_large_goes_without_room_for_another) {
  lay(64 << 10);
  lay(32 << 10, 0);
  EXPECT_EQ(size(), 0u);
}

}  // namespace
}  // namespace cartrelay::queue::testing
