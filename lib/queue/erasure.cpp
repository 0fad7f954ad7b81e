#include "queue/erasure.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace cartrelay::queue {

std::string compared_form(const customer_key& who) {
  std::string form(1, static_cast<char>(who.by));
  switch (who.by) {
    case customer_key::kind::id:
      form += who.value;
      break;
    case customer_key::kind::email:
      form += base::to_lower(base::trim(who.value));
      break;
    case customer_key::kind::phone:
      form += base::digits_of(who.value);
      break;
  }
  return form;
}

index_term term_of(const customer_key& who) {
  const bool phone = who.by == customer_key::kind::phone;
  return {index_kind::customer, phone ? "+" + base::digits_of(who.value) : who.value};
}

std::vector<customer_key> customer_keys(const event::payload& data) {
  std::vector<customer_key> keys;
  if (!data.customer) return keys;
  const auto add = [&keys](customer_key::kind by, event::text value) {
    if (value) keys.push_back({by, std::string(*value)});
  };
  add(customer_key::kind::id, data.customer->id);
  add(customer_key::kind::email, data.customer->email);
  add(customer_key::kind::phone, data.customer->phone);
  return keys;
}

std::optional<attempt_span> span_of(const attempts& tries) {
  if (!tries.first || !tries.last || (tries.batch.empty() && tries.count < 2)) return std::nullopt;
  const auto [from, to] = std::minmax(*tries.first, *tries.last);
  return attempt_span{from, to, tries.batch};
}

bool may_have_shared(const attempt_span& own, const attempts& other) {
  if (other.batch.empty() || !other.last) return false;
  return own.batch == other.batch || (own.from <= *other.last && *other.last <= own.to);
}

end erased_end(sequence number, base::timestamp at) {
  end out;
  out.number = number;
  out.state = end_state::discarded;
  out.reason = erased_reason;
  out.at = at;
  return out;
}

end without_words(const end& was) {
  end kept;
  kept.number = was.number;
  kept.state = was.state;
  kept.at = was.at;
  if (was.reason == erased_reason) kept.reason = was.reason;
  return kept;
}

erasure_counts& erasure_counts::operator+=(const erasure_counts& more) noexcept {
  events += more.events;
  receipts += more.receipts;
  dead_letters += more.dead_letters;
  pending += more.pending;
  vendor_state += more.vendor_state;
  return *this;
}

}  // namespace cartrelay::queue
