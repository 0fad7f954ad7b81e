#include "sandbox/esputnik_contract.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_set>

namespace cartrelay::sandbox {
namespace {

constexpr std::array order_events = {"orderCreated", "orderUpdated", "orderDelivered", "orderCancelled"};
constexpr std::array order_states = {"INITIALIZED", "IN_PROGRESS", "DELIVERED", "CANCELLED",
                                     "ABANDONED_SHOPPING_CART"};
// What finds a contact, in any letter case; other names are what they are to the letter.
constexpr std::array emails = {"email", "emailaddress", "useremail", "contactemail"};
constexpr std::array phones = {"phone", "sms", "phonenumber"};
constexpr std::array other_contacts = {"contactid", "contact_id", "pushtoken", "contactkey", "contact_key"};

template <class List>
bool contains(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_order_state(std::string_view text) {
  return contains(order_states, text);
}
const form order_state{is_order_state, "a status of the list"};

/// The name as the vendor tells parameters apart.
std::string param_key(std::string_view name) {
  std::string lower = base::to_lower(name);
  const bool finds_contact =
      contains(emails, lower) || contains(phones, lower) || contains(other_contacts, lower);
  return finds_contact ? std::move(lower) : std::string(name);
}

std::string param_path(std::string_view name) {
  return "params[" + std::string(name) + "]";
}

void check_param(const contact_event& event, std::string_view name, const form& written, violations& found) {
  const std::string_view text = event.param(name);
  if (text.empty() || written.holds(text)) return;
  found.push_back({param_path(name), "must be " + std::string(written.words), std::string(text)});
}

/// The JSON inside the string parameter `name`; nothing, and a violation, if it is none.
std::optional<value> inner(const contact_event& event, std::string_view name, need wanted,
                           violations& found) {
  const std::string_view text = event.param(name);
  if (text.empty()) {
    if (wanted == need::required) found.push_back({param_path(name), "is missing", {}});
    return std::nullopt;
  }
  auto parsed = parse_document(text);
  if (parsed) return std::move(*parsed);
  found.push_back({param_path(name), "must be JSON in a string: " + parsed.error(), {}});
  return std::nullopt;
}

void check_order_item(const value& what, std::string where, violations& found,
                      std::vector<std::string>& notes) {
  shape item(what, where, found);
  for (const std::string_view name : {"externalItemId", "name", "category", "description"}) {
    item.string(name, need::optional, forms::anything);
  }
  item.string("url", need::optional, forms::web_address);
  item.string("imageUrl", need::optional, forms::web_address);
  item.number("quantity", need::optional, forms::measure);
  item.number("cost", need::optional, forms::amount);
  for (const auto& [name, member] : what.members) {
    if (member.is(value::kind::object) || member.is(value::kind::array)) {
      notes.push_back(fmt::format("{}.{} stays a string: one level is all that is read", where, name));
    }
  }
}

void check_order_items(const value& list, const std::string& where, violations& found,
                       std::vector<std::string>& notes) {
  if (!list.is(value::kind::array)) {
    found.push_back({where, "must be an array in a JSON string", {}});
    return;
  }
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    check_order_item(list.elements[i], element_path(where, i), found, notes);
  }
}

void check_order(const contact_event& event, violations& found, std::vector<std::string>& notes) {
  check_param(event, "totalCost", forms::amount, found);
  check_param(event, "status", order_state, found);
  check_param(event, "date", forms::local_seconds, found);
  check_param(event, "currency", forms::currency, found);
  check_param(event, "restoreUrl", forms::web_address, found);
  for (const std::string_view name : {"shipping", "discount", "taxes"})
    check_param(event, name, forms::amount, found);
  if (const auto items = inner(event, "items", need::optional, found)) {
    check_order_items(*items, param_path("items"), found, notes);
  }
  if (const auto products = inner(event, "products", need::optional, found)) {
    shape wrapper(*products, param_path("products"), found);
    if (const value* list = wrapper.array("array", need::required)) {
      check_order_items(*list, wrapper.path("array"), found, notes);
    }
    wrapper.nothing_else();
  }
}

void check_cart(const contact_event& event, violations& found) {
  check_param(event, "currencyCode", forms::currency, found);
  if (event.param("recycleStateId").empty())
    found.push_back({param_path("recycleStateId"), "is missing", {}});
  check_param(event, "recycleStateId", forms::token_text, found);
  const auto list = inner(event, "products", need::optional, found);
  if (!list) return;
  if (!list->is(value::kind::array) || list->elements.empty()) {
    found.push_back({param_path("products"), "must be an array that is not empty, or left out", {}});
  }
  for (std::size_t i = 0; i < list->elements.size(); ++i) {
    shape product(list->elements[i], element_path(param_path("products"), i), found);
    product.string("productId", need::required);
    product.number("quantity", need::required, forms::measure);
    product.number("price", need::required, forms::amount);
    for (const std::string_view name : {"name", "category", "discount"})
      product.string(name, need::optional);
    product.only_lists_else();
  }
}

void check_view(const contact_event& event, violations& found) {
  if (event.type == "pageViewed") {
    if (const auto page = inner(event, "page", need::required, found)) {
      shape one(*page, param_path("page"), found);
      one.string("location", need::required);
      one.nothing_else();
    }
  } else if (event.type == "productCategoryViewed") {
    if (const auto category = inner(event, "category", need::required, found)) {
      shape one(*category, param_path("category"), found);
      one.string("productCategoryId", need::required);
      one.nothing_else();
    }
  } else if (const auto what = inner(event, "product", need::required, found)) {
    shape product(*what, param_path("product"), found);
    product.string("productId", need::required);
    product.number("price", need::optional, forms::amount);
    product.number("isInStock", need::optional, forms::zero_or_one);
    product.only_lists_else();
    check_param(event, "currencyCode", forms::currency, found);
  }
}

void check_params(const value& list, contact_event& event, violations& found) {
  if (list.elements.empty()) found.push_back({"params", "must not be empty", {}});
  std::unordered_set<std::string> seen;
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    shape param(list.elements[i], element_path("params", i), found);
    const std::string* name = param.string("name", need::required);
    const std::string* text = param.string("value", need::required, forms::anything);
    param.nothing_else();
    if (name == nullptr || text == nullptr) continue;
    if (!seen.insert(param_key(*name)).second) param.note("name", "stands twice");
    event.params.emplace_back(*name, *text);
  }
}

void check_channel(const value& what, std::string where, violations& found) {
  shape channel(what, std::move(where), found);
  const std::string* type = channel.string("type", need::required);
  const bool sms = type != nullptr && *type == "sms";
  if (type != nullptr && !sms && *type != "email") channel.note("type", "must be email or sms");
  channel.string("value", need::required, sms ? forms::digits : forms::email);
  channel.nothing_else();
}

}  // namespace

std::string_view contact_event::param(std::string_view name) const noexcept {
  for (const auto& [known, text] : params) {
    if (known == name) return text;
  }
  return {};
}

bool is_order_event(std::string_view type) noexcept {
  return contains(order_events, type);
}

contact_event check_event(const value& body, violations& found, std::vector<std::string>& notes) {
  contact_event event;
  shape top(body, "", found);
  if (const std::string* type = top.string("eventTypeKey", need::required)) event.type = *type;
  if (const std::string* key = top.string("keyValue", need::required)) event.key_value = *key;
  if (const value* params = top.array("params", need::required)) check_params(*params, event, found);
  top.nothing_else();
  check_param(event, "phone", forms::digits, found);
  check_param(event, "email", forms::email, found);
  if (is_order_event(event.type)) {
    check_order(event, found, notes);
  } else if (event.type == "cartUpdated") {
    check_cart(event, found);
  } else if (contains(std::array{"pageViewed", "productViewed", "productCategoryViewed"}, event.type)) {
    check_view(event, found);
  } else if (!event.type.empty()) {
    notes.push_back("eventTypeKey " + event.type + " is none of the documented ones");
  }
  return event;
}

std::vector<std::string> identities(const contact_event& event) {
  std::vector<std::string> all;
  for (const auto& [name, text] : event.params) {
    if (text.empty()) continue;
    const std::string lower = base::to_lower(name);
    if (contains(emails, lower)) all.push_back("email:" + base::to_lower(text));
    if (contains(phones, lower)) all.push_back("phone:" + text);
    if (contains(other_contacts, lower)) all.push_back("other:" + text);
    if (name == "externalCustomerId") all.push_back("customer:" + text);
  }
  return all;
}

std::vector<std::string_view> missing_for_order(const contact_event& event) {
  std::vector<std::string_view> missing;
  for (const std::string_view name :
       {"externalOrderId", "externalCustomerId", "totalCost", "status", "date"}) {
    if (event.param(name).empty()) missing.push_back(name);
  }
  return missing;
}

const value* check_contacts(const value& body, violations& found) {
  shape top(body, "", found);
  const value* contacts = top.array("contacts", need::required);
  const std::string* dedupe = top.string("dedupeOn", need::required);
  if (dedupe != nullptr && *dedupe != "email" && *dedupe != "sms")
    top.note("dedupeOn", "must be email or sms");
  top.nothing_else();
  if (contacts == nullptr) return nullptr;
  if (contacts->elements.empty()) top.note("contacts", "must not be empty");
  for (std::size_t i = 0; i < contacts->elements.size(); ++i) {
    shape contact(contacts->elements[i], element_path("contacts", i), found);
    for (const std::string_view name : {"firstName", "lastName", "externalCustomerId"}) {
      contact.string(name, need::optional);
    }
    const value* channels = contact.array("channels", need::required);
    contact.nothing_else();
    if (channels == nullptr) continue;
    bool can_dedupe = dedupe == nullptr;
    for (std::size_t k = 0; k < channels->elements.size(); ++k) {
      check_channel(channels->elements[k], element_path(contact.path("channels"), k), found);
      can_dedupe = can_dedupe || channels->elements[k].text_of("type") == *dedupe;
    }
    if (!can_dedupe) contact.note("channels", "must hold the channel that dedupeOn names");
  }
  return contacts;
}

std::vector<std::string> identities(const value& contact) {
  std::vector<std::string> all;
  for (const value& channel : contact.find("channels")->elements) {
    const bool sms = channel.text_of("type") == "sms";
    all.push_back(sms ? "phone:" + std::string(channel.text_of("value"))
                      : "email:" + base::to_lower(channel.text_of("value")));
  }
  if (const auto id = contact.text_of("externalCustomerId"); !id.empty())
    all.push_back("customer:" + std::string(id));
  return all;
}

}  // namespace cartrelay::sandbox
