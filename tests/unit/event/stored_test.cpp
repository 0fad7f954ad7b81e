#include "event/stored.hpp"

#include "event/errc.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

namespace cartrelay::event {
namespace {

using namespace samples;

errc failure(std::string_view stored) {
  const auto read = decode(stored);
  EXPECT_FALSE(read);
  if (read) return {};
  EXPECT_FALSE(read.error().message().empty());
  return static_cast<errc>(read.error().code.value());
}

TEST(stored, is_read_back_as_it_was) {
  for (const auto& path : files(corpus() / "good")) {
    SCOPED_TRACE(path);
    const auto event = one(read_file(path));
    const auto again = decode(encode(event));
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(again->json, event.json);
    EXPECT_EQ(again->received_at, event.received_at);
    EXPECT_EQ(again->id, event.id);
    EXPECT_EQ(again->source, event.source);
    EXPECT_EQ(again->type, event.type);
    EXPECT_EQ(again->occurred_at(), event.occurred_at());
    EXPECT_EQ(again->extensions.size(), event.extensions.size());
    EXPECT_EQ(digest(*again), digest(event));
    EXPECT_EQ(encode(*again), encode(event));
  }
}

// Queues on disk hold this: a change here is a new version beside the old one.
TEST(stored, has_a_layout_that_is_fixed_for_ever) {
  auto event = one(page_view());
  event.received_at = base::from_micros(0x0102030405060708);
  EXPECT_EQ(encode(event), std::string("\x01\x08\x07\x06\x05\x04\x03\x02\x01").append(event.json));
  event.received_at = base::from_micros(-1);
  EXPECT_EQ(decode(encode(event))->received_at, base::from_micros(-1));
}

TEST(stored, refuses_what_it_cannot_read) {
  const auto whole = encode(one(page_view()));
  EXPECT_EQ(failure(""), errc::corrupt);
  EXPECT_EQ(failure("\x02" + whole.substr(1)), errc::unknown_version);
  EXPECT_EQ(failure(std::string(1, '\0') + whole.substr(1)), errc::unknown_version);
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_EQ(failure(whole.substr(0, size)), errc::corrupt) << size;
  EXPECT_EQ(failure(whole + "x"), errc::corrupt);
  EXPECT_EQ(failure(whole.substr(0, 9) + "{}"), errc::corrupt);
  EXPECT_EQ(failure(whole.substr(0, 9) + page_view()), errc::corrupt);  // what is stored names its version
}

TEST(stored, errors_have_names) {
  EXPECT_STREQ(event_category().name(), "event");
  EXPECT_NE(event_category().message(static_cast<int>(errc::corrupt)),
            event_category().message(static_cast<int>(errc::unknown_version)));
}

TEST(stored, a_refused_body_that_is_taken_anyway_is_a_broken_invariant) {
  EXPECT_THROW(parse("{}").value(), std::logic_error);
}

}  // namespace
}  // namespace cartrelay::event
