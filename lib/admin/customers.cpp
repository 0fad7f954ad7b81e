#include "admin/customers.hpp"

#include "admin/actions.hpp"
#include "admin/answer.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "event/reader.hpp"
#include "http/query_reader.hpp"

#include <array>

namespace cartrelay::admin {
namespace {

using kind = queue::customer_key::kind;

struct parameter {
  std::string_view name;
  kind by;
};
constexpr std::array parameters{parameter{"id", kind::id}, parameter{"email", kind::email},
                                parameter{"phone", kind::phone}};

/// What is wrong with it, if something is. Whatever an event may hold, it can be erased by.
std::string_view fault_of(const queue::customer_key& who) {
  const auto& value = who.value;
  switch (who.by) {
    case kind::id:
    case kind::email:
      return base::utf8_characters(value) <= event::identifier.longest ? "" : "longer than any id or address";
    case kind::phone: {
      const auto digits = base::digits_of(value).size();
      return digits >= 7 && digits <= 15 ? "" : "expected a phone with country code, 7 to 15 digits";
    }
  }
  return {};
}

std::string reason_of(const queue::cleaning& files) {
  if (!files.clean || files.set_aside.empty()) return files.reason;
  return "folders of damaged files are not looked into: delete them when nobody needs them";
}

std::string report_json(const dispatch::erasure_report& report) {
  const auto& [erased, files] = report;
  std::string body;
  base::json_writer json(body);
  json.begin_object().key("erased").begin_object();
  json.member("events", erased.events)
      .member("receipts", erased.receipts)
      .member("dead_letters", erased.dead_letters)
      .member("pending_discarded", erased.pending)
      .member("vendor_state", erased.vendor_state)
      .end_object();
  json.member("files_clean", files.clean && files.set_aside.empty()).member("reason", reason_of(files));
  json.key("set_aside").begin_array();
  for (const auto& folder : files.set_aside)
    json.value(folder);
  json.end_array().end_object();
  return body;
}

}  // namespace

customer_choice parse_customer(std::string_view query) {
  customer_choice out;
  http::query_reader asked(query);
  std::size_t given = 0;
  for (const auto& [name, by] : parameters) {
    // Who is not found is not erased, and nobody notices: what could mean two customers is asked again.
    auto value = by == kind::id ? asked.exact(name) : asked.literal(name);
    if (!value) continue;
    ++given;
    out.who = {by, std::move(*value)};
    if (const auto fault = fault_of(out.who); !fault.empty()) asked.refuse(name, std::string(fault));
  }
  out.refused = asked.finish();
  if (!out.refused && given != 1)
    out.refused = http::problem(400, "say in the query who is to be erased: exactly one of id, email, phone");
  return out;
}

base::task<http::response> erase_customer(dispatch::dispatcher& delivery, std::string query,
                                          std::string body) {
  if (refuse_body(body))
    co_return http::problem(400, "say in the query who is to be erased, as in ?email=…, and send no body");
  auto choice = parse_customer(query);
  if (choice.refused) co_return std::move(*choice.refused);
  const auto report = co_await delivery.erase(choice.who);
  co_return report ? http::json_response(200, report_json(*report)) : answer_failure(report.error());
}

}  // namespace cartrelay::admin
