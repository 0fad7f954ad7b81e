#include "destinations/registry.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cartrelay::destinations {
namespace {

boost::json::value published_schema() {
  std::ifstream file(CARTRELAY_SOURCE_DIR "/docs/schema/event.schema.json");
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str());
}

TEST(schema, has_the_refs_that_the_kinds_know_and_no_others) {
  const auto schema = published_schema();
  const auto& refs = schema.at("$defs").at("refs").as_object();
  EXPECT_FALSE(refs.at("additionalProperties").as_bool());
  std::map<std::string, std::vector<std::string>> published;
  for (const auto& [vendor, members] : refs.at("properties").as_object()) {
    EXPECT_FALSE(members.at("additionalProperties").as_bool()) << std::string_view(vendor);
    for (const auto& member : members.at("properties").as_object())
      published[vendor].emplace_back(member.key());
  }
  auto known = known_refs();
  for (auto* list : {&known, &published})
    for (auto& [vendor, members] : *list)
      std::sort(members.begin(), members.end());
  EXPECT_EQ(published, known);
}

}  // namespace
}  // namespace cartrelay::destinations
