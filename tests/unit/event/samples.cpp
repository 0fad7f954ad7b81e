#include "tests/unit/event/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cartrelay::event::samples {

base::timestamp arrival() {
  return base::from_micros(1'773'577'320'123'456);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::filesystem::path> files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& each : std::filesystem::directory_iterator(folder))
    out.push_back(each.path());
  std::sort(out.begin(), out.end());
  return out;
}

std::filesystem::path corpus() {
  return std::filesystem::path(CARTRELAY_SOURCE_DIR) / "tests/unit/event/corpus";
}

std::string good(std::string_view name) {
  return read_file(corpus() / "good" / (std::string(name) + ".json"));
}

std::string page_view(std::string_view more) {
  return R"({"id":"1","source":"s","type":"page.viewed",)" + std::string(more) +
         R"("data":{"page":{"url":"/"}}})";
}

std::string cancelled_order(std::string_view members) {
  return R"({"id":"1","source":"s","type":"order.cancelled","data":{"order":{"id":"1")" +
         std::string(members) + "}}}";
}

boost::system::result<std::vector<event>, faults> parse(std::string_view body, encoding how,
                                                        const options& rules) {
  return parse_body(body, how, max_events, arrival(), rules);
}

event one(std::string_view body, const options& rules) {
  auto events = parse(body, encoding::json, rules);
  if (!events) {
    ADD_FAILURE() << body << '\n' << testing::PrintToString(in_words(events.error()));
    return {};
  }
  EXPECT_EQ(events->size(), 1u);
  return std::move(events->front());
}

std::vector<std::string> refusal(std::string_view body, encoding how, const options& rules) {
  const auto events = parse(body, how, rules);
  return events ? std::vector<std::string>{} : in_words(events.error());
}

std::vector<std::string> in_words(const faults& refused) {
  std::vector<std::string> out;
  for (const auto& each : refused.list) {
    const auto index = each.index ? "[" + std::to_string(*each.index) + "] " : std::string();
    out.push_back(index + each.pointer + ": " + each.detail);
  }
  return out;
}

}  // namespace cartrelay::event::samples
