#include "destinations/mapping.hpp"

#include "base/text.hpp"
#include "base/uuid.hpp"

namespace cartrelay::destinations {
namespace {

std::string one_text(std::string_view value) {
  return std::string(value);
}
std::string one_text(const base::number& value) {
  return value.plain();
}
std::string one_text(bool value) {
  return value ? "true" : "false";
}
template <class T>
std::string one_text(const std::vector<T>& values) {
  std::string out;
  std::string_view between;
  for (const auto& value : values) {
    out.append(between).append(one_text(value));
    between = ", ";
  }
  return out;
}

/// Nothing else has this name.
std::string name_of(const event::event& what) {
  std::string out(what.source);
  out += '\0';
  return out.append(what.id);
}

}  // namespace

std::string attribute_text(const event::attribute_value& value) {
  return std::visit([](const auto& held) { return one_text(held); }, value);
}

std::string quantity_text(const event::item& of) {
  return of.quantity.canonical();
}

event::text unless_empty(event::text value) {
  if (value && value->empty()) value.reset();
  return value;
}

void write_optional(base::json_writer& out, std::string_view name, event::text value) {
  if (const auto given = unless_empty(value)) out.member(name, *given);
}

event::text session_language(const event::event& what) {
  return what.data.session ? unless_empty(what.data.session->language) : std::nullopt;
}

event::text customer_language(const event::event& what) {
  return what.data.customer ? unless_empty(what.data.customer->language) : std::nullopt;
}

event::text language_of(const event::event& what) {
  const auto session = session_language(what);
  return session ? session : customer_language(what);
}

bool language_covers(std::string_view range, std::string_view tag) {
  if (range.size() > tag.size() || !base::equals_ignoring_case(range, tag.substr(0, range.size())))
    return false;
  return range.size() == tag.size() || tag[range.size()] == '-';
}

event::text market_of(const event::event& what) {
  return what.data.session ? unless_empty(what.data.session->market) : event::text();
}

std::string event_uuid(const event::event& what) {
  return base::uuid_v5(name_of(what));
}

std::string order_key(const event::order& of) {
  return std::string("order:").append(of.id);
}

std::string cart_key(std::string_view cart_id) {
  return std::string("cart:").append(cart_id);
}

std::string lone_key(const event::event& what) {
  return "event:" + name_of(what);
}

screening skip(std::string reason, std::string detail) {
  return {screening::outcome::skipped, std::move(reason), std::move(detail)};
}

screening unmappable(std::string detail) {
  return {screening::outcome::unmappable, "unmappable", std::move(detail)};
}

screening not_for_this_kind(const event::event& what) {
  return skip("unwanted_type", std::string(event::to_string(what.type)) + " means nothing to this vendor");
}

}  // namespace cartrelay::destinations
