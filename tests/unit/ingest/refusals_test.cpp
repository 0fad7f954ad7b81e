#include "ingest/refusals.hpp"

#include <gtest/gtest.h>

namespace cartrelay::ingest::testing {
namespace {

event::faults found(std::string pointer, std::string detail) {
  return {event::fault_kind::invalid, {{std::move(pointer), std::move(detail), std::nullopt}}};
}

TEST(refusals, tell_what_was_wrong_and_how_often) {
  refusals subject;
  EXPECT_EQ(subject.take(), std::nullopt);
  subject.note(400, found("/data/order", "required"));
  EXPECT_EQ(subject.take(), "1 request refused: 400 /data/order: required");
  EXPECT_EQ(subject.take(), std::nullopt);
  subject.note(400, found("/data/order/items/12/name", "is empty"));
  subject.note(400, found("/data/order/items/12/name", "is empty"));
  subject.note(401);
  subject.note_unread();
  EXPECT_EQ(
      subject.take(),
      "4 requests refused: 2 x 400 /data/order/items/12/name: is empty, 401, its framing, size or slowness");
}

TEST(refusals, tell_of_the_first_kinds_only) {
  refusals subject;
  for (const int status : {401, 409, 413, 415, 421, 401})
    subject.note(status);
  EXPECT_EQ(subject.take(), "6 requests refused: 2 x 401, 409, 413, 2 x other");
}

TEST(refusals, repeat_nothing_that_the_sender_chose) {
  const auto told = [](std::string pointer, std::string detail) {
    refusals subject;
    subject.note(400, found(std::move(pointer), std::move(detail)));
    return subject.take().value();
  };
  const std::string begin = "1 request refused: 400 ";
  EXPECT_EQ(told("/data/customer/maria", "unknown member"), begin + "/data/customer: unknown member");
  EXPECT_EQ(told("/maria", "unknown member, did you mean \"market\"?"),
            begin + "unknown member, did you mean \"market\"?");
  EXPECT_EQ(told("/data/order/properties/maria@example.com", "null is refused"),
            begin + "/data/order/properties/…: null is refused");
  EXPECT_EQ(told("/data/refs/359888123456/x", "expected a string"),
            begin + "/data/refs/…/x: expected a string");
  EXPECT_EQ(told("/data/order/attributes/maria_ivanova_0888123456/0", "expected a string"),
            begin + "/data/order/attributes/…/0: expected a string");
  EXPECT_EQ(told("", "not JSON: syntax error (line 3, byte 3)"),
            begin + "not JSON: syntax error (line 3, byte 3)");
}

}  // namespace
}  // namespace cartrelay::ingest::testing
