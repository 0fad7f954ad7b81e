#include "http/authorities.hpp"

#include "http/certificate.hpp"
#include "tests/unit/http/client_support.hpp"

#include <gmock/gmock.h>
#include <openssl/x509.h>

#include <filesystem>

namespace cartrelay::http::testing {
namespace {

std::size_t count(const authorities& all) {
  return static_cast<std::size_t>(sk_X509_OBJECT_num(X509_STORE_get0_objects(all.get())));
}

TEST(authorities, are_read_once_while_their_files_stay_the_same) {
  const test_authority one, other;
  const auto first = *trusted_authorities(one.file());
  EXPECT_EQ(*trusted_authorities(one.file()), first);
  EXPECT_NE(*trusted_authorities(other.file()), first);
  EXPECT_NE(*trusted_authorities({}), first);
  EXPECT_EQ(*trusted_authorities(one.file()), first);
}

TEST(authorities, are_read_again_when_their_file_changes) {
  const temporary_folder folder;
  const auto file = folder / "ca.pem";
  const auto first = make_authority("first").certificate;
  write_file(file, first);
  const auto before = *trusted_authorities(file);
  write_file(file, first + make_authority("second").certificate);
  const auto after = *trusted_authorities(file);
  EXPECT_NE(after, before);
  EXPECT_EQ(count(after), count(before) + 1);
}

TEST(authorities, are_read_again_though_their_file_seems_as_old_and_as_long) {
  const temporary_folder folder;
  const auto file = folder / "ca.pem";
  const auto first = make_authority("one").certificate;
  write_file(file, first);
  const auto time = std::filesystem::last_write_time(file);
  EXPECT_TRUE(trusted_authorities(file));
  write_file(file, std::string(first.size(), '\n'));
  std::filesystem::last_write_time(file, time);
  EXPECT_FALSE(trusted_authorities(file));
}

TEST(authorities, of_a_file_that_cannot_be_used_are_refused) {
  const temporary_folder folder;
  const auto file = folder / "ca.pem";
  EXPECT_THAT(trusted_authorities(file).error().message(), ::testing::HasSubstr(file));
  write_file(file, "no certificate");
  EXPECT_THAT(trusted_authorities(file).error().message(),
              ::testing::HasSubstr("cannot use the trust anchor"));
  write_file(file, make_authority("mended").certificate);
  EXPECT_TRUE(trusted_authorities(file));
}

}  // namespace
}  // namespace cartrelay::http::testing
