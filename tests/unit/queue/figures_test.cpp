#include "queue/rocksdb/figures.hpp"

#include <gtest/gtest.h>

namespace cartrelay::queue::rocks {
namespace {

TEST(figures, refused_requests_stay_counted_while_they_are_written) {
  figures told;
  told.note_refused(3);
  EXPECT_EQ(told.snapshot().ingest.refused, 3u);
  EXPECT_EQ(told.take_refused(), 3u);
  EXPECT_EQ(told.snapshot().ingest.refused, 3u) << "a counter never goes back";
  told.note_refused(1);
  EXPECT_EQ(told.snapshot().ingest.refused, 4u);
  EXPECT_EQ(told.take_refused(), 1u);
}

}  // namespace
}  // namespace cartrelay::queue::rocks
