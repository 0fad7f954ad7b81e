#include "shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cartrelay::destinations::esputnik::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const settings importing{{"import_contacts", true}};

event::event_ptr order_of(std::string_view customer) {
  return make_event("order.delivered",
                    fmt::format(R"({{"customer":{{{}}},"order":{{"id":"o"}}}})", customer));
}

std::vector<std::string> targets(const attempt_log& log) {
  std::vector<std::string> out;
  for (const auto& one : log.requests)
    out.push_back(one.method + " " + one.target);
  return out;
}

std::string import_body(std::string_view customer) {
  const auto where = shop(importing);
  const auto log = run(*where, {{order_of(customer), {}}}, {answer(200), answer(200)});
  return log.requests.front().body;
}

memory known_after(const attempt_log& log) {
  memory out;
  for (const auto& one : log.changes)
    if (one.value) out[one.key] = *one.value;
  return out;
}

TEST(contact_import, comes_before_the_first_order) {
  const auto where = shop(importing);
  const auto what = order_of(R"("id":"c","email":"a@b.bg")");
  const auto first = run(*where, {{what, {}}}, {answer(200), answer(200)});
  EXPECT_THAT(targets(first), testing::ElementsAre("POST https://esputnik.com/api/v1/contacts",
                                                   "POST https://esputnik.com/api/v1/event"));
  for (const auto& one : first.requests)
    EXPECT_EQ(header(one, "Authorization"), "Basic Y2FydHJlbGF5OnMzY3JldA==");
  EXPECT_EQ(first.judgements.front().what, verdict::delivered);

  const auto second = run(*where, {{what, {}}}, {answer(200)}, known_after(first));
  EXPECT_THAT(targets(second), testing::ElementsAre("POST https://esputnik.com/api/v1/event"));
  EXPECT_THAT(second.changes, IsEmpty()) << "what is remembered is not prolonged";
}

TEST(contact_import, is_remembered_for_thirty_days_under_a_key_that_was_asked_for) {
  const auto where = shop(importing);
  const auto what = order_of(R"("id":"c","email":"a@b.bg")");
  const auto log = run(*where, {{what, {}}}, {answer(200), answer(200)});
  ASSERT_EQ(log.changes.size(), 1U);
  EXPECT_EQ(log.changes[0].keep, std::chrono::hours(30 * 24));
  EXPECT_THAT(where->memory_keys(*what), testing::ElementsAre(log.changes[0].key));
  EXPECT_THAT(log.changes[0].key, testing::Not(HasSubstr("a@b.bg"))) << "no address in the memory";
  EXPECT_NE(where->memory_keys(*order_of(R"("id":"c","email":"b@b.bg")")), where->memory_keys(*what));
}

TEST(contact_import, names_the_contact_and_its_channels) {
  EXPECT_EQ(
      import_body(
          R"("id":"c","email":"a@b.bg","phone":"+35988812345","first_name":"Жана","last_name":"д'Арк")"),
      compact(R"({"contacts":[{"firstName":"Жана","lastName":"д'Арк","externalCustomerId":"c","channels":[
                {"type":"email","value":"a@b.bg"},{"type":"sms","value":"35988812345"}]}],"dedupeOn":"email"})"));
  EXPECT_EQ(import_body(R"("phone":"+35988812345")"),
            R"({"contacts":[{"channels":[{"type":"sms","value":"35988812345"}]}],"dedupeOn":"sms"})");
  EXPECT_EQ(import_body(R"("email":"a@b.bg")"),
            R"({"contacts":[{"channels":[{"type":"email","value":"a@b.bg"}]}],"dedupeOn":"email"})");
  EXPECT_EQ(import_body(R"("email":"a@b.bg","first_name":"","last_name":"")"),
            import_body(R"("email":"a@b.bg")"));
}

TEST(contact_import, is_for_orders_of_contacts_that_can_be_reached) {
  const auto where = shop(importing);
  const auto no_channel = order_of(R"("id":"c")");
  EXPECT_THAT(where->memory_keys(*no_channel), IsEmpty());
  EXPECT_EQ(run(*where, {{no_channel, {}}}, {answer(200)}).requests.size(), 1U);
  const auto cart = cart_event("cart.deleted");
  EXPECT_THAT(where->memory_keys(*cart), IsEmpty());
  EXPECT_EQ(run(*where, {{cart, {}}}, {answer(200)}).requests.size(), 1U);
}

TEST(contact_import, can_be_switched_off) {
  const auto where = shop({{"import_contacts", false}});
  const auto what = order_of(R"("email":"a@b.bg")");
  EXPECT_THAT(where->memory_keys(*what), IsEmpty());
  EXPECT_EQ(run(*where, {{what, {}}}, {answer(200)}).requests.size(), 1U);
}

TEST(contact_import, that_was_done_stays_done_whatever_becomes_of_the_event) {
  for (const auto& came : {answer(500), answer(400), failed(http::stage::sent)}) {
    const auto where = shop(importing);
    const auto log = run(*where, {{order_of(R"("email":"a@b.bg")"), {}}}, {answer(200), came});
    EXPECT_EQ(log.changes.size(), 1U);
    EXPECT_NE(log.judgements.front().what, verdict::delivered);
  }
}

TEST(contact_import, that_failed_ends_the_attempt) {
  const auto judged = [](const http::outcome& came) {
    const auto where = shop(importing);
    const auto log = run(*where, {{order_of(R"("email":"a@b.bg")"), {}}}, {came});
    EXPECT_THAT(log.changes, IsEmpty());
    return log.judgements.front();
  };
  EXPECT_EQ(judged(answer(400)).what, verdict::reject);
  EXPECT_EQ(judged(answer(401)).what, verdict::unauthorized);
  EXPECT_EQ(judged(answer(429)).what, verdict::retry);
  EXPECT_EQ(judged(answer(503)).what, verdict::retry);
  EXPECT_EQ(judged(failed(http::stage::connect)).what, verdict::retry);
  EXPECT_EQ(judged(failed(http::stage::sent)).what, verdict::retry) << "the event itself was not sent";
  EXPECT_THAT(judged(answer(400, R"({"errors":["bad phone"]})")).detail, HasSubstr("bad phone"));
}

}  // namespace
}  // namespace cartrelay::destinations::esputnik::test
