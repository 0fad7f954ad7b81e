#include "support.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

// docs/vendors.md shows what events become. Each example there is an event (a block ```json KIND event) and
// the requests that it becomes (```http KIND requests), and here they are held against the code.
namespace cartrelay::destinations {
namespace {

struct example {
  std::string kind, event, requests;
};

/// The text of the block that begins behind `from`, and where it ends.
std::string block_at(const std::string& page, std::size_t from, std::size_t& end) {
  from = page.find('\n', from) + 1;
  end = page.find("\n```", from);
  return page.substr(from, end - from);
}

std::vector<example> examples() {
  std::ifstream file(CARTRELAY_SOURCE_DIR "/docs/vendors.md");
  std::ostringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  std::vector<example> out;
  for (auto at = page.find("```json "); at != std::string::npos; at = page.find("```json ", at)) {
    example one;
    one.kind = page.substr(at + 8, page.find(' ', at + 8) - at - 8);
    one.event = block_at(page, at, at);
    at = page.find("```http " + one.kind + " requests", at);
    if (at == std::string::npos) throw std::invalid_argument("an event without requests: " + one.event);
    one.requests = block_at(page, at, at);
    out.push_back(std::move(one));
  }
  return out;
}

event::event_ptr parse(const std::string& json) {
  auto parsed = event::parse_body(json, event::encoding::structured, 1, test::now, event::options{});
  if (!parsed)
    throw std::invalid_argument(parsed.error().list.front().pointer + ": " +
                                parsed.error().list.front().detail);
  return std::make_shared<const event::event>(std::move(parsed->front()));
}

/// As the page shows them: `METHOD URL`, a blank line, the body; white space in JSON does not count.
std::string shown(const std::vector<http::request>& requests) {
  std::string out;
  for (const auto& one : requests)
    out += one.method + " " + one.target + "\n" + (one.body.empty() ? "" : test::compact(one.body) + "\n");
  return out;
}

std::string normalized(const std::string& block) {
  std::string out, body;
  std::istringstream lines(block);
  const auto flush = [&] {
    if (!body.empty()) out += test::compact(body) + "\n";
    body.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    const bool heading = line.find(" https://") != std::string::npos && line[0] >= 'A' && line[0] <= 'Z';
    if (heading) flush();
    if (heading)
      out += line + "\n";
    else
      body += line;
  }
  flush();
  return out;
}

settings own_of(const std::string& kind) {
  if (kind == "reloadify") return {{"language", std::string("bg")}};
  if (kind == "rokt") return {{"tag_id", std::string("253_439")}};
  return {};
}

TEST(documentation, shows_what_really_happens) {
  const auto all = examples();
  ASSERT_GE(all.size(), kinds().size());
  for (const auto& one : all) {
    SCOPED_TRACE(one.event);
    const auto where = test::make_destination(test::options_of(one.kind, own_of(one.kind)));
    const auto what = parse(one.event);
    ASSERT_EQ(where->screen(*what).what, screening::outcome::send) << where->screen(*what).detail;
    const auto attempt = where->begin({{what, ""}}, {});
    std::vector<http::request> requests;
    while (auto request = attempt->next(test::now)) {
      requests.push_back(std::move(*request));
      attempt->take(http::response{200, {}, R"({"data":[{"id":"belt"}]})"});
    }
    EXPECT_EQ(shown(requests), normalized(one.requests));
  }
}

TEST(documentation, names_every_setting_of_every_kind) {
  std::ifstream file(CARTRELAY_SOURCE_DIR "/docs/vendors.md");
  std::ostringstream text;
  text << file.rdbuf();
  for (const auto& kind : kinds())
    for (const auto& setting : kind.settings)
      EXPECT_NE(text.str().find("`" + std::string(setting.name) + "`"), std::string::npos)
          << kind.name << ": " << setting.name;
}

}  // namespace
}  // namespace cartrelay::destinations
