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

TEST(figures, a_refusal_is_told_alone_and_in_words) {
  figures told;
  EXPECT_FALSE(told.refusal());
  EXPECT_TRUE(told.snapshot().writable);
  told.close(errc::read_only);
  EXPECT_EQ(told.refusal(), errc::read_only);
  EXPECT_FALSE(told.snapshot().writable);
  EXPECT_EQ(told.snapshot().reason, "read_only");
}

}  // namespace
}  // namespace cartrelay::queue::rocks
