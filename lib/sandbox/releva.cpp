#include "sandbox/releva.hpp"

#include "sandbox/shape.hpp"

namespace cartrelay::sandbox {
namespace {

void check_custom_list(shape& custom, std::string_view name, value::kind type, violations& found) {
  const value* list = custom.array(name, need::optional);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->elements.size(); ++i) {
    const std::string where = element_path(custom.path(name), i);
    shape entry(list->elements[i], where, found);
    entry.string("key", need::required);
    if (const value* values = entry.array("values", need::required)) {
      for (std::size_t k = 0; k < values->elements.size(); ++k) {
        const value& one = values->elements[k];
        if (!one.is(type) || (type == value::kind::number && !forms::plain_number.holds(one.text))) {
          const std::string_view words =
              type == value::kind::number ? "must be a number without an exponent" : "must be a string";
          found.push_back({element_path(entry.path("values"), k), std::string(words), one.text});
        }
      }
    }
    entry.nothing_else();
  }
}

void check_custom(shape& owner, violations& found) {
  const value* custom = owner.object("custom", need::optional);
  if (custom == nullptr) return;
  shape lists(*custom, owner.path("custom"), found);
  check_custom_list(lists, "string", value::kind::string, found);
  check_custom_list(lists, "numeric", value::kind::number, found);
  lists.nothing_else();
}

void check_product(const value& what, std::string where, violations& found) {
  shape product(what, std::move(where), found);
  product.string("id", need::required);
  product.number("price", need::required, forms::amount);
  product.number("quantity", need::required, forms::quantity);
  product.string("currency", need::required, forms::currency);
  check_custom(product, found);
  product.nothing_else();
}

/// An empty string counts as absent here: the vendor's own sample has one.
bool check_contact(shape& cart, const value& what, std::string_view name, const form& written) {
  if (what.find(name) != nullptr && what.find(name)->is(value::kind::string) && what.text_of(name).empty()) {
    cart.any(name, need::optional);
    return false;
  }
  cart.string(name, need::optional, written);
  return what.find(name) != nullptr;
}

void check_cart(const value& what, std::string where, violations& found) {
  shape cart(what, std::move(where), found);
  const bool by_email = check_contact(cart, what, "email", forms::email);
  const bool by_phone = check_contact(cart, what, "phoneNumber", forms::plus_phone);
  if (!by_email && !by_phone) cart.note("", "needs an email, a phoneNumber, or both");
  const bool* paid = cart.boolean("cartPaid", need::required);
  const bool is_paid = paid == nullptr || *paid;
  cart.string("orderId", is_paid ? need::required : need::optional);
  if (!is_paid && what.find("orderId") != nullptr)
    cart.note("orderId", "must not be set for a cart that is not paid");
  if (const value* products = cart.array("products", need::required)) {
    for (std::size_t i = 0; i < products->elements.size(); ++i) {
      check_product(products->elements[i], element_path(cart.path("products"), i), found);
    }
  }
  check_custom(cart, found);
  cart.string("timestamp", need::optional, forms::utc_millis);
  cart.nothing_else();
}

const value* check_body(const value& body, violations& found) {
  shape top(body, "", found);
  const value* carts = top.array("carts", need::required);
  top.nothing_else();
  if (carts == nullptr) return nullptr;
  if (carts->elements.empty()) top.note("carts", "must not be empty");
  for (std::size_t i = 0; i < carts->elements.size(); ++i) {
    check_cart(carts->elements[i], element_path("carts", i), found);
  }
  return carts;
}

}  // namespace

answer releva::receive(const call& incoming) {
  if (!path_is(incoming, {"api", "v0", "carts"}))
    return {message_refusal(404, "There is nothing at this path")};
  if (incoming.request.method != "POST") return {with_allow(message_refusal(405, "Use POST"), "POST")};
  const auto token = credential(incoming.request, "Bearer");
  if (!token || !accepts(incoming.settings, *token))
    return {message_refusal(401, "The secret key is missing or wrong")};
  if (!is_json(incoming.request)) return {message_refusal(415, "Content-Type must be application/json")};
  const auto body = parse_document(incoming.request.body);
  if (!body) return {message_refusal(400, body.error())};
  violations found;
  const value* carts = check_body(*body, found);
  if (carts == nullptr || !found.empty()) return {message_refusal(400, sentence(found))};
  const std::size_t taken = incoming.only_half ? carts->elements.size() / 2 : carts->elements.size();
  for (std::size_t i = 0; i < taken; ++i)
    take(carts->elements[i]);
  return {http::json_response(202, "{}")};
}

void releva::take(const value& what) {
  ++carts_;
  const bool is_paid = what.find("cartPaid")->truth;
  std::string_view name = what.text_of("orderId");
  if (!is_paid) name = what.text_of("email").empty() ? what.text_of("phoneNumber") : what.text_of("email");
  cart& record = (is_paid ? orders_ : unpaid_)[std::string(name)];
  if (is_paid) ++paid_;
  if (is_paid && record.times > 0) ++repeated_orders_;
  ++record.times;
  record.json = to_json(what);
}

void releva::write_counters(base::json_writer& out) const {
  out.member("carts", carts_).member("paid", paid_).member("unpaid", carts_ - paid_);
  out.member("repeated_orders", repeated_orders_).member("forgotten", orders_.dropped() + unpaid_.dropped());
}

void releva::write_state(base::json_writer& out) const {
  const auto write_cart = [&](const std::string& name, const cart& record) {
    out.key(name).begin_object().member("times", record.times).key("cart").raw(record.json).end_object();
  };
  out.key("orders").begin_object();
  orders_.for_each(write_cart);
  out.end_object().key("unpaid").begin_object();
  unpaid_.for_each(write_cart);
  out.end_object();
}

}  // namespace cartrelay::sandbox
