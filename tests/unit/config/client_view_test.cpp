#include "config/client_view.hpp"

#include "tests/unit/config/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::config::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class client_views : public ::testing::Test {
 protected:
  [[nodiscard]] client_view of(const std::string& text, const char* section = "admin") const {
    auto read = load_client_view(files_.write("c.toml", text), section);
    if (read) return *read;
    ADD_FAILURE() << read.error().front().message();
    return {};
  }
  scratch_folder files_;
};

TEST_F(client_views, have_the_defaults_of_an_empty_file) {
  EXPECT_THAT(of("").listen, ElementsAre("127.0.0.1:8471"));
  EXPECT_THAT(of("", "ingest").listen, ElementsAre("127.0.0.1:8470"));
  EXPECT_TRUE(of("").token.empty());
  EXPECT_FALSE(of("").tls);
}

TEST_F(client_views, need_nothing_of_the_rest) {
  const auto seen =
      of("[ingest]\ntokens = [{ credential = \"ingest-token\" }]\nmax_body = 1.5\n"
         "[admin]\nlisten = [\"unix:/run/a\"]\ntls_certificate = \"/nowhere/c.pem\"\ntls_key = "
         "\"/nowhere/k.pem\"\n"
         "[[destinations]]\nname = \"r\"\nkind = \"releva\"\nsecret = { credential = \"releva-secret\" }\n");
  EXPECT_THAT(seen.listen, ElementsAre("unix:/run/a"));
  EXPECT_TRUE(seen.tls);
  EXPECT_THAT(seen.unreadable_tokens, IsEmpty());
}

TEST_F(client_views, take_the_first_token_that_can_be_read) {
  const auto bad = files_.write("bad", "one\n\n"), good = files_.write("good", "two\n");
  const auto seen = of("[admin]\ntokens = [{ credential = \"admin-token\" }, { file = \"" + bad +
                       "\" }, { file = \"" + good + "\" }]\n");
  EXPECT_EQ(seen.token, base::secret("two"));
  ASSERT_EQ(seen.unreadable_tokens.size(), 2u);
  EXPECT_THAT(seen.unreadable_tokens[0].message(),
              HasSubstr("c.toml:2: admin.tokens[0]: credential admin-token"));
}

TEST_F(client_views, are_not_made_of_what_makes_no_sense) {
  for (const char* text : {"[admin", "admin = 1", "[admin]\nlisten = 1", "[admin]\nlisten = []",
                           "[admin]\nlisten = [\"bogus\"]"}) {
    const auto read = load_client_view(files_.write("c.toml", text), "admin");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().size(), 1u);
  }
  EXPECT_THAT(load_client_view((files_.path() / "none").string(), "admin").error().front().message(),
              HasSubstr("cannot be read: No such file"));
}

}  // namespace
}  // namespace cartrelay::config::testing
