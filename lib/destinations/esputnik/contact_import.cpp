#include "destinations/esputnik/contact_import.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "destinations/mapping.hpp"

namespace cartrelay::destinations::esputnik {
namespace {

void write_channel(base::json_writer& out, std::string_view type, const event::text& value) {
  if (value) out.begin_object().member("type", type).member("value", *value).end_object();
}

}  // namespace

bool needs_import(const event::event& what, const identity& who) noexcept {
  return event::is_order(what.type) && who.has_channel();
}

std::string import_body(const event::event& what, const identity& who) {
  const auto& customer = *what.data.customer;
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("contacts").begin_array().begin_object();
  write_optional(out, "firstName", customer.first_name);
  write_optional(out, "lastName", customer.last_name);
  write_optional(out, "externalCustomerId", who.id);
  out.key("channels").begin_array();
  write_channel(out, "email", who.email);
  if (!who.phone.empty()) write_channel(out, "sms", who.phone);
  out.end_array().end_object().end_array();
  out.member("dedupeOn", who.email ? "email" : "sms").end_object();
  return body;
}

std::string import_key(const identity& who) {
  return "contact:" + base::to_hex(base::sha256(who.key_value()));
}

}  // namespace cartrelay::destinations::esputnik
