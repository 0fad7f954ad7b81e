#include "sandbox/form.hpp"

#include <gtest/gtest.h>

namespace cartrelay::sandbox {
namespace {

struct form_case {
  const form* written;
  std::string_view text;
  bool holds;
};

class forms_test : public testing::TestWithParam<form_case> {};

TEST_P(forms_test, holds) {
  EXPECT_EQ(GetParam().written->holds(GetParam().text), GetParam().holds) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    all, forms_test,
    testing::Values(
        form_case{&forms::email, "ana@example.com", true}, form_case{&forms::email, "@example.com", false},
        form_case{&forms::email, "ana@", false}, form_case{&forms::email, "a@b@c", false},
        form_case{&forms::email, "a b@c", false}, form_case{&forms::plus_phone, "+49875345976", true},
        form_case{&forms::plus_phone, "49875345976", false}, form_case{&forms::plus_phone, "+", false},
        form_case{&forms::plus_phone, "+49 87", false}, form_case{&forms::digits, "380501234567", true},
        form_case{&forms::digits, "+380", false}, form_case{&forms::currency, "EUR", true},
        form_case{&forms::currency, "eur", false}, form_case{&forms::currency, "EURO", false},
        form_case{&forms::web_address, "https://example.com/a?b=c", true},
        form_case{&forms::web_address, "ftp://example.com", false},
        form_case{&forms::web_address, "https:///a", false}, form_case{&forms::language, "en", true},
        form_case{&forms::language, "pt-BR", true}, form_case{&forms::language, "sl-rozaj-biske-1994", true},
        form_case{&forms::language, "english", false}, form_case{&forms::language, "x-private", false},
        form_case{&forms::locale_list, "en-US,en;q=0.5, *;q=0.1", true},
        form_case{&forms::locale_list, "en-US,", false}));

INSTANTIATE_TEST_SUITE_P(
    times, forms_test,
    testing::Values(form_case{&forms::date, "2026-11-21", true}, form_case{&forms::date, "2026-02-30", false},
                    form_case{&forms::date, "2026-11-21T10:00:00Z", false},
                    form_case{&forms::utc_millis, "2026-11-21T10:00:00.000Z", true},
                    form_case{&forms::utc_millis, "2026-11-21T10:00:00Z", false},
                    form_case{&forms::utc_millis, "2026-11-21T10:00:00.000+02:00", false},
                    form_case{&forms::utc_millis, "2026-13-21T10:00:00.000Z", false},
                    form_case{&forms::local_seconds, "2020-05-14T10:11:00", true},
                    form_case{&forms::local_seconds, "2020-05-14T10:11:00Z", false},
                    form_case{&forms::local_seconds, "2020-05-14 10:11:00", false},
                    form_case{&forms::date_time, "2026-03-15T14:22:00+02:00", true},
                    form_case{&forms::date_time, "2026-03-15T14:22:00", false}));

INSTANTIATE_TEST_SUITE_P(
    numbers, forms_test,
    testing::Values(form_case{&forms::amount, "134.95", true}, form_case{&forms::amount, "0", true},
                    form_case{&forms::amount, "1.3495E2", false}, form_case{&forms::amount, "1e3", false},
                    form_case{&forms::amount, "-1", false}, form_case{&forms::quantity, "2", true},
                    form_case{&forms::quantity, "0", false}, form_case{&forms::quantity, "2.0", false},
                    form_case{&forms::quantity, "-2", false}, form_case{&forms::measure, "0.5", true},
                    form_case{&forms::measure, "0", false}, form_case{&forms::measure, "0.00001", true},
                    form_case{&forms::measure, "0.000", false}, form_case{&forms::decimal, "0.015425", true},
                    form_case{&forms::decimal, "999999999999000", true},
                    form_case{&forms::decimal, "1.", false}, form_case{&forms::decimal, "1e3", false},
                    form_case{&forms::decimal, "-1", false}, form_case{&forms::whole, "-18", true},
                    form_case{&forms::whole, "18.0", false}, form_case{&forms::plain_number, "-18.25", true},
                    form_case{&forms::plain_number, "1.8E1", false},
                    form_case{&forms::zero_or_one, "1", true}, form_case{&forms::zero_or_one, "2", false}));

TEST(identifiers, uuid_and_hash_are_told_apart) {
  EXPECT_TRUE(is_uuid("d9528030-509c-4e0f-b585-7168f1e9feca"));
  EXPECT_FALSE(is_uuid("d9528030-509c-4e0f-b585-7168f1e9fec"));
  EXPECT_FALSE(is_uuid("d9528030x509c-4e0f-b585-7168f1e9feca"));
  EXPECT_TRUE(is_sha256_hex(std::string(64, 'a')));
  EXPECT_FALSE(is_sha256_hex(std::string(63, 'a')));
  EXPECT_FALSE(is_sha256_hex(std::string(64, 'g')));
}

TEST(base64, decodes_what_is_well_formed) {
  EXPECT_EQ(base64_decode("dXNlcjprZXk="), "user:key");
  EXPECT_EQ(base64_decode("YQ=="), "a");
  EXPECT_EQ(base64_decode(""), "");
  EXPECT_FALSE(base64_decode("YQ="));
  EXPECT_FALSE(base64_decode("Y!=="));
  EXPECT_FALSE(base64_decode("Y==="));
}

}  // namespace
}  // namespace cartrelay::sandbox
