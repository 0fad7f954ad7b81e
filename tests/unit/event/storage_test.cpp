#include "event/stored.hpp"
#include "tests/unit/event/samples.hpp"

#include <gmock/gmock.h>

#include <memory>

namespace cartrelay::event {
namespace {

using namespace samples;

/// With strings that JSON spells with escapes, as a name and as a value, and one that is empty.
const std::string escaped =
    R"({"specversion":"1.0","id":"say \"1\"","source":"s","type":"order.cancelled","shop":"a\\b",)"
    R"("data":{"order":{"id":"1","status":"","delivery_address":"Main St 5\nSofia",)"
    R"("attributes":{"size \"EU\"":["4\"2","43"],"plain":"x"},"refs":{"ro\"kt":{"a\\b":"c\"d","e":"f"}}}}})";

event stored_and_read(const event& what) {
  const auto stored = std::make_unique<std::string>(encode(what));
  return decode(*stored).value();  // the text it was read from is gone
}

void expect_escaped(const event& what) {
  const auto& order = *what.data.order;
  EXPECT_EQ(what.json, escaped);
  EXPECT_EQ(what.id, "say \"1\"");
  EXPECT_EQ(what.extensions.at(0).first, "shop");
  EXPECT_EQ(std::get<std::string_view>(what.extensions.at(0).second), "a\\b");
  EXPECT_EQ(order.status, "");
  EXPECT_EQ(order.delivery_address, "Main St 5\nSofia");
  EXPECT_EQ(order.attributes.at(0).first, "size \"EU\"");
  EXPECT_THAT(std::get<std::vector<std::string_view>>(order.attributes.at(0).second),
              testing::ElementsAre("4\"2", "43"));
  EXPECT_EQ(what.ref("ro\"kt", "a\\b"), "c\"d");
  EXPECT_EQ(what.ref("ro\"kt", "e"), "f");
  EXPECT_FALSE(what.ref("ro\"kt", "f"));
}

TEST(storage, keeps_the_strings_of_an_event_and_of_its_copies) {
  auto read = std::make_unique<event>(stored_and_read(one(escaped)));
  expect_escaped(*read);
  const event copy = *read;
  const auto order = copy.data.order;
  read.reset();
  expect_escaped(copy);
  const auto moved = std::make_unique<event>(copy);
  expect_escaped(event(std::move(*moved)));
  EXPECT_EQ(order->delivery_address, "Main St 5\nSofia")
      << "a part is good as long as an event of its storage";
}

TEST(storage, holds_verbatim_strings_once) {
  const auto what = stored_and_read(one(good("order_created")));
  const auto inside = [&](std::string_view text) {
    return text.data() >= what.json.data() &&
           text.data() + text.size() <= what.json.data() + what.json.size();
  };
  EXPECT_EQ(what.json.data(), what.storage.get());
  EXPECT_TRUE(inside(what.id));
  EXPECT_TRUE(inside(*what.data.order->currency));
  EXPECT_TRUE(inside(what.data.order->items->at(0).product_id));
  EXPECT_TRUE(inside(what.data.order->placed_at->written));
  EXPECT_FALSE(inside(*what.data.order->delivery_address)) << "it holds a newline";
}

TEST(footprint, grows_with_text_and_items) {
  const auto view = one(page_view()), purchase = one(good("order_created"));
  EXPECT_GE(footprint(view), sizeof(event) + view.json.size());
  EXPECT_GE(footprint(purchase), sizeof(event) + purchase.json.size() + sizeof(order) +
                                     purchase.data.order->items->size() * sizeof(item));
}

TEST(outline, views_the_body_itself) {
  const std::string sent =
      R"({"specversion":"1.0","id":"first","source":"s","type":"order.cancelled","shop":"bg","data":{"order":)"
      R"({"id":"o-7","items":[{"product_id":"p","unit_price":"1"}],"attributes":{"a":"b"},"refs":{"v":{"c":"d"}}}}})";
  const auto body = one(sent);
  std::size_t seen = 0;
  const auto take = [&](const event& outline) {
    ++seen;
    EXPECT_EQ(outline.json.data(), sent.data()) << "compact already, so it is not written anew";
    EXPECT_EQ(outline.json, sent);
    EXPECT_EQ(outline.id.data(), sent.data() + sent.find(outline.id));
    EXPECT_EQ(outline.data.order->id, body.data.order->id);
    EXPECT_EQ(digest(outline), digest(body));
    EXPECT_EQ(outline.storage, nullptr);
    EXPECT_TRUE(outline.extensions.empty());
    EXPECT_TRUE(outline.data.order->items->empty());
    EXPECT_TRUE(outline.data.order->attributes.empty());
    EXPECT_TRUE(outline.data.order->refs.empty());
  };
  EXPECT_TRUE(outline_body(sent, encoding::structured, 1, arrival(), {}, take));
  EXPECT_EQ(seen, 1u);
}

}  // namespace
}  // namespace cartrelay::event
