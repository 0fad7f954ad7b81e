#include "destinations/rokt/answer.hpp"
#include "destinations/rokt/kind.hpp"
#include "sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace cartrelay::destinations {
namespace {

using test::answer;
using test::answer_of;
using test::paid;
using test::result_of;
using test::rokt_item;
using testing::HasSubstr;
using testing::Not;

class rokt_answers : public testing::Test {
 protected:
  std::unique_ptr<destination> rokt_ = test::make_destination(test::rokt_options());
  event::event_ptr two_items_ = paid(rokt_item(1) + "," + rokt_item(2));

  judgement judged(const event::event_ptr& what, const http::outcome& came) {
    const auto log = test::run(*rokt_, {{what, ""}}, {came});
    EXPECT_FALSE(log.safe_to_repeat.at(0));
    return log.judgements.at(0);
  }
  judgement judged(const http::outcome& came) { return judged(two_items_, came); }
};

TEST_F(rokt_answers, every_item_confirmed_is_delivered_with_what_the_shop_can_use) {
  const auto out = judged(answer(200, answer_of(result_of(2) + "," + result_of(1))));
  EXPECT_EQ(out.what, verdict::delivered);
  EXPECT_EQ(out.memo, "");
  EXPECT_EQ(out.results, test::compact(R"({"items":[
    {"cartItemId":"ci-1","itemReservationId":"res-1","itemConfirmationId":"conf-1",
     "itemConfirmationUrl":"https://park.example/1"},
    {"cartItemId":"ci-2","itemReservationId":"res-2","itemConfirmationId":"conf-2",
     "itemConfirmationUrl":"https://park.example/2"}]})"));
}

TEST_F(rokt_answers, an_item_that_failed_is_named_and_the_others_are_kept) {
  const auto out = judged(answer(200, answer_of(result_of(1) + "," + result_of(2, false))));
  EXPECT_EQ(out.what, verdict::reject);
  EXPECT_EQ(out.reason, "items_not_confirmed");
  EXPECT_THAT(out.detail, HasSubstr("ci-2"));
  EXPECT_THAT(out.detail, Not(HasSubstr("ci-1")));
  EXPECT_THAT(out.results, HasSubstr("conf-1"));
  EXPECT_THAT(out.results, Not(HasSubstr("conf-2")));
  EXPECT_FALSE(out.divisible);
}

TEST_F(rokt_answers, an_item_that_did_not_come_back_is_not_confirmed) {
  const auto out = judged(answer(200, answer_of(result_of(2))));
  EXPECT_EQ(out.reason, "items_not_confirmed");
  EXPECT_THAT(out.detail, HasSubstr("1 of 2 items not confirmed, cartItemId: ci-1"));
}

TEST_F(rokt_answers, a_byte_order_mark_is_passed_over) {
  const auto out = judged(paid(rokt_item(1)), answer(200, "\xef\xbb\xbf" + answer_of(result_of(1))));
  EXPECT_EQ(out.what, verdict::delivered);
}

TEST_F(rokt_answers, an_answer_for_something_else_confirms_nothing) {
  const auto other = R"({"cartItemId":"ci-1","itemReservationId":"another","success":true})";
  EXPECT_THAT(judged(answer(200, answer_of(other))).detail, HasSubstr("ci-1, ci-2"));
  EXPECT_THAT(judged(answer(200, answer_of(R"({"success":true},{"success":true})"))).detail,
              HasSubstr("2 of 2"));
}

TEST_F(rokt_answers, one_entry_stands_for_one_item) {
  const auto twins = paid(rokt_item(1) + "," + rokt_item(1));
  EXPECT_THAT(judged(twins, answer(200, answer_of(result_of(1)))).detail, HasSubstr("1 of 2"));
  EXPECT_EQ(judged(twins, answer(200, answer_of(result_of(1) + "," + result_of(1)))).what,
            verdict::delivered);
}

TEST_F(rokt_answers, one_of_the_two_ids_is_enough) {
  const auto one = paid(rokt_item(1));
  EXPECT_EQ(judged(one, answer(200, R"({"items":[{"cartItemId":"ci-1","success":true}]})")).what,
            verdict::delivered);
  const auto out = judged(one, answer(200, R"({"items":[{"itemReservationId":"res-1","success":true}]})"));
  EXPECT_EQ(out.results, R"({"items":[{"cartItemId":"ci-1","itemReservationId":"res-1"}]})");
}

TEST_F(rokt_answers, an_entry_with_both_ids_is_not_outrun_by_one_with_less) {
  const auto item = [](std::string_view reservation) {
    return fmt::format(R"({{"product_id":"p","unit_price":"1","refs":{{"rokt":{{"cart_item_id":"A",
        "reservation_id":"{}"}}}}}})",
                       reservation);
  };
  const auto both = paid(item("r1") + "," + item("r2"));
  const std::string less = R"({"cartItemId":"A","itemConfirmationId":"less","success":true})";
  const std::string exact = R"({"cartItemId":"A","itemReservationId":"r1","success":true})";
  for (const auto& entries : {less + "," + exact, exact + "," + less}) {
    const auto out = judged(both, answer(200, answer_of(entries)));
    EXPECT_EQ(out.what, verdict::delivered);
    EXPECT_EQ(out.results, test::compact(R"({"items":[{"cartItemId":"A","itemReservationId":"r1"},
        {"cartItemId":"A","itemReservationId":"r2","itemConfirmationId":"less"}]})"));
  }
}

TEST_F(rokt_answers, of_entries_with_one_id_the_first_stands_for_the_item) {
  const auto one = paid(rokt_item(1));
  const std::string by_item = R"({"cartItemId":"ci-1","itemConfirmationId":"item","success":true})";
  const std::string by_reservation =
      R"({"itemReservationId":"res-1","itemConfirmationId":"res","success":true})";
  EXPECT_THAT(judged(one, answer(200, answer_of(by_item + "," + by_reservation))).results,
              HasSubstr("\"item\""));
  EXPECT_THAT(judged(one, answer(200, answer_of(by_reservation + "," + by_item))).results,
              HasSubstr("\"res\""));
}

TEST_F(rokt_answers, contradictory_entries_confirm_nothing) {
  const auto one = paid(rokt_item(1));
  const std::string yes = result_of(1), no = result_of(1, false);
  for (const auto& entries :
       {yes + "," + no, no + "," + yes, yes + R"(,{"cartItemId":"ci-1","success":false})"}) {
    const auto out = judged(one, answer(200, answer_of(entries)));
    EXPECT_EQ(out.reason, "items_not_confirmed") << entries;
    EXPECT_EQ(out.results, "") << entries;
  }
  const auto twins = paid(rokt_item(1) + "," + rokt_item(1));
  EXPECT_THAT(judged(twins, answer(200, answer_of(yes + "," + no))).detail, HasSubstr("1 of 2"));
  EXPECT_THAT(judged(twins, answer(200, answer_of(no + "," + yes))).detail, HasSubstr("1 of 2"));
}

/// Each entry may stand for each item.
TEST(rokt_answer, very_many_entries_for_very_many_twins_take_no_time) {
  rokt::reservation twin;
  twin.cart_item_id = "a";
  twin.reservation_id = "r";
  const std::vector<rokt::reservation> sent(10'000, twin);
  std::string yes;
  for (int i = 0; i < 100'000; ++i)
    yes += std::string(i == 0 ? "" : ",") + R"({"cartItemId":"a","success":true})";
  const auto confirmed = [&sent](const std::string& entries) {
    const auto out = rokt::read_answer(answer_of(entries), sent);
    return std::ranges::count_if(*out, [](const auto& one) { return one.has_value(); });
  };
  EXPECT_EQ(confirmed(yes), 10'000);
  EXPECT_EQ(confirmed(yes + R"(,{"itemReservationId":"r","success":false})"), 0);
}

TEST_F(rokt_answers, a_body_that_is_not_as_documented_confirms_nothing) {
  for (const auto* body :
       {"{}", R"({"items":null})", R"({"items":[]})", R"({"items":[null,1,"x",[]]})",
        R"({"items":[{"cartItemId":"ci-1","success":"true"},{"cartItemId":2,"success":1}]})"}) {
    for (const int status : {200, 202}) {
      const auto out = judged(answer(status, body));
      EXPECT_EQ(out.reason, "items_not_confirmed") << body;
      EXPECT_THAT(out.detail, HasSubstr("ci-1, ci-2")) << body;
      EXPECT_EQ(out.results, "") << body;
    }
  }
}

TEST_F(rokt_answers, a_confirmation_that_is_none_is_not_kept) {
  const auto one = paid(rokt_item(1));
  for (const auto& told :
       {std::string(4097, 'c'), std::string("a\\u001b[2J"), std::string("a b"), std::string("\xc2\x9b")}) {
    const auto out =
        judged(one, answer(200, R"({"items":[{"cartItemId":"ci-1","success":true,"itemConfirmationId":")" +
                                    told + R"(","itemConfirmationUrl":")" + told + R"("}]})"));
    EXPECT_EQ(out.what, verdict::delivered) << told.substr(0, 20);
    EXPECT_EQ(out.results, R"({"items":[{"cartItemId":"ci-1","itemReservationId":"res-1"}]})");
  }
}

TEST_F(rokt_answers, without_items_there_is_nothing_to_confirm) {
  const auto out = judged(paid("", "", ""), answer(200, "whatever"));
  EXPECT_EQ(out.what, verdict::delivered);
  EXPECT_EQ(out.results, "");
}

TEST_F(rokt_answers, refusals_and_credentials) {
  const auto problem = R"({"description":"bad","errors":[{"code":"1","message":"no such item","value":{}}]})";
  for (const int status : {400, 422}) {
    const auto out = judged(answer(status, problem));
    EXPECT_EQ(out.what, verdict::reject);
    EXPECT_EQ(out.reason, "rejected");
    EXPECT_THAT(out.detail, HasSubstr("no such item"));
  }
  EXPECT_EQ(judged(answer(401)).what, verdict::unauthorized);
  EXPECT_EQ(judged(answer(403)).what, verdict::unauthorized);
}

TEST_F(rokt_answers, what_certainly_did_not_happen_is_retried) {
  for (const int status : {408, 429, 500, 503})
    EXPECT_EQ(judged(answer(status)).what, verdict::retry) << status;
  for (const auto stage : {http::stage::resolve, http::stage::connect, http::stage::tls})
    EXPECT_EQ(judged(test::failed(stage)).what, verdict::retry);
}

TEST_F(rokt_answers, what_may_have_happened_is_in_doubt) {
  for (const int status : {501, 502, 504, 522, 524}) {
    const auto out = judged(answer(status));
    EXPECT_EQ(out.what, verdict::in_doubt) << status;
    EXPECT_EQ(out.reason, "in_doubt") << status;
  }
  for (const auto stage : {http::stage::sending, http::stage::sent})
    EXPECT_EQ(judged(test::failed(stage)).what, verdict::in_doubt);
}

TEST_F(rokt_answers, a_confirmation_that_cannot_be_read_is_in_doubt) {
  const auto told = [this](const event::event_ptr& what, const char* coding) {
    http::fields headers;
    headers.add("Content-Encoding", coding);
    return judged(what, answer(200, answer_of(result_of(1)), headers));
  };
  const auto one = paid(rokt_item(1));
  EXPECT_EQ(told(one, "gzip").what, verdict::in_doubt);
  EXPECT_EQ(told(one, "gzip").detail, "200 with an encoded body, which was not asked for");
  EXPECT_EQ(told(one, "Identity").what, verdict::delivered);
  EXPECT_EQ(told(one, "").what, verdict::delivered);
  EXPECT_EQ(told(paid("", "", ""), "br").what, verdict::delivered) << "there is nothing to confirm";
}

/// A replay of what is in doubt asks first; one of items that are not confirmed would confirm them again.
TEST_F(rokt_answers, a_body_that_is_no_object_is_in_doubt) {
  const auto whole = answer_of(result_of(1) + "," + result_of(2));
  for (const auto& body : {std::string(), std::string("OK"), std::string("null"), std::string("[]"),
                           std::string("<html>"), whole.substr(0, whole.size() - 1), whole + "\xff"}) {
    for (const int status : {200, 202, 204}) {
      const auto out = judged(answer(status, body));
      EXPECT_EQ(out.what, verdict::in_doubt) << body;
      EXPECT_EQ(out.reason, "in_doubt") << body;
      EXPECT_THAT(out.detail, HasSubstr(fmt::format("not a confirmation: {}", status))) << body;
      EXPECT_EQ(out.results, "") << body;
    }
  }
}

TEST_F(rokt_answers, a_wait_that_is_asked_for_is_kept_whatever_the_answer_means) {
  http::fields headers;
  headers.add("Retry-After", "17");
  for (const int status : {408, 429, 500, 502, 503, 504, 524})
    EXPECT_EQ(judged(answer(status, "", headers)).retry_after, std::chrono::seconds(17)) << status;
  EXPECT_EQ(judged(answer(504)).retry_after, std::nullopt);
}

TEST_F(rokt_answers, a_key_echoed_in_a_confirmation_is_masked) {
  const auto body =
      R"({"items":[{"cartItemId":"ci-1","itemConfirmationUrl":"https://x/?key=s3cret","success":true}]})";
  EXPECT_THAT(judged(paid(rokt_item(1)), answer(200, body)).results, HasSubstr("https://x/?key=***"));
}

}  // namespace
}  // namespace cartrelay::destinations
