#include "destinations/registry.hpp"
#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace cartrelay::config::testing {
namespace {

using ::testing::HasSubstr;

std::string shipped(const std::string& name) {
  std::ifstream in(std::string(CARTRELAY_SOURCE_DIR) + "/config/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The settings that stand there as comments, put in force.
std::string uncommented(const std::string& text) {
  return std::regex_replace(text, std::regex("(^|\n)#([a-z_]+ = )"), "$1$2");
}

/// A credential for every name that the text asks for.
void write_credentials(const scratch_folder& files, const std::string& text) {
  const std::regex form(R"(credential = "([^"]+)\")");
  for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at)
    files.write((*at)[1].str(), "dummy");
}

/// What a table can hold, in the reader's own words: it lists them for a key that resembles none.
std::vector<std::string> known_keys(const std::string& table) {
  const auto told = refusal(table + "\nzzzzzzzzzzzzzzzz = 1\n");
  std::vector<std::string> keys;
  for (const auto& message : told) {
    const auto list = message.find("known here: ");
    if (list == std::string::npos) continue;
    std::istringstream words(message.substr(list + 12));
    for (std::string word; words >> word;)
      keys.push_back(word.substr(0, word.find(',')));
  }
  EXPECT_FALSE(keys.empty()) << table;
  return keys;
}

class shipped_configuration : public ::testing::Test {
 protected:
  scratch_folder files_;
  environment credentials_{"CREDENTIALS_DIRECTORY", files_.path().string()};
  std::string text_ = shipped("cartrelay.toml");

  void SetUp() override { write_credentials(files_, text_); }
};

TEST_F(shipped_configuration, loads) {
  const auto read = accepted(text_);
  ASSERT_EQ(read.destinations.size(), destinations::kinds().size());
  auto bare = read;
  bare.destinations.clear();
  EXPECT_EQ(bare, defaults());
}

/// The OAuth2 client of reloadify excludes its fixed token: the one setting shown with something else than
/// its default.
std::string without_oauth(const std::string& text) {
  return std::regex_replace(text, std::regex("\n#client_(id|secret) = [^\n]*"), "");
}

TEST_F(shipped_configuration, shows_every_default_as_it_is) {
  const auto all = without_oauth(text_);
  EXPECT_NE(uncommented(all), all);
  EXPECT_EQ(accepted(uncommented(all)), accepted(text_));
}

TEST_F(shipped_configuration, shows_every_setting) {
  for (const char* section : {"ingest", "admin", "queue", "log", "shutdown"}) {
    const auto from = text_.find("[" + std::string(section) + "]");
    ASSERT_NE(from, std::string::npos) << section;
    const auto part = text_.substr(from, text_.find("\n[", from) - from);
    for (const auto& key : known_keys("[" + std::string(section) + "]"))
      EXPECT_TRUE(std::regex_search(part, std::regex("\n#?" + key + " = "))) << section << "." << key;
  }
}

TEST_F(shipped_configuration, shows_every_setting_of_a_destination) {
  const auto entries = text_.substr(text_.find("[[destinations]]"));
  for (const auto& kind : destinations::kinds()) {
    const auto header = "[[destinations]]\nname = \"x\"\nkind = \"" + std::string(kind.name) + "\"";
    for (const auto& key : known_keys(header))
      EXPECT_TRUE(std::regex_search(entries, std::regex("\n#?" + key + " = "))) << kind.name << "." << key;
    for (const char* table : {"filter", "rate", "batch", "retry"})
      for (const auto& key : known_keys(header + "\n[destinations." + table + "]"))
        EXPECT_TRUE(std::regex_search(entries,
                                      std::regex("\n#?" + std::string(table) + " = [{][^\n]*" + key + " = ")))
            << table << "." << key;
  }
}

/// From one heading to the next of the same rank.
std::string chapter(const std::string& page, const std::string& title) {
  const auto from = page.find("\n## " + title + "\n");
  EXPECT_NE(from, std::string::npos) << title;
  return from == std::string::npos ? std::string() : page.substr(from, page.find("\n## ", from + 1) - from);
}

TEST(page_about_the_configuration, tells_of_every_setting) {
  std::ifstream in(std::string(CARTRELAY_SOURCE_DIR) + "/docs/configuration.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const char* section : {"[ingest]", "[admin]", "[queue]", "[log]", "[shutdown]"})
    for (const auto& key : known_keys(section))
      EXPECT_THAT(chapter(page, section), HasSubstr("\n| `" + key + "` |")) << section;
  const auto entries = chapter(page, "[[destinations]]");
  for (const auto& kind : destinations::kinds()) {
    const std::string name(kind.name);
    for (const auto& key : known_keys("[[destinations]]\nname = \"x\"\nkind = \"" + name + "\"")) {
      const bool told = entries.find("\n| `" + key + "` |") != std::string::npos ||
                        entries.find("\n| " + name + " | `" + key + "` |") != std::string::npos;
      EXPECT_TRUE(told) << name << '.' << key;
    }
  }
}

TEST(minimal_configuration, loads) {
  const environment secret("RELEVA_SECRET", "dummy");
  const auto read = accepted(shipped("minimal.toml"));
  ASSERT_EQ(read.destinations.size(), 1u);
  EXPECT_EQ(read.destinations.front().secret, base::secret("dummy"));
}

TEST(minimal_configuration, says_which_secret_is_missing) {
  EXPECT_THAT(
      refusal(shipped("minimal.toml")),
      ::testing::ElementsAre(HasSubstr("destinations[0].secret: environment variable RELEVA_SECRET")));
}

}  // namespace
}  // namespace cartrelay::config::testing
