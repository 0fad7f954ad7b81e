#include "sandbox/reloadify.hpp"

#include "base/uuid.hpp"
#include "sandbox/reloadify_contract.hpp"

#include <algorithm>

namespace cartrelay::sandbox {
namespace {

constexpr std::string_view token_prefix = "sandbox-access-";

http::response refusal(int status, std::string_view words) {
  std::string body;
  base::json_writer(body).begin_object().key("errors").begin_array().value(words).end_array().end_object();
  return http::json_response(status, std::move(body));
}

http::response refusal(const violations& found) {
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("errors").begin_array();
  for (const violation& one : found)
    out.value(sentence({one}));
  out.end_array().end_object();
  return http::json_response(422, std::move(body));
}

http::response oauth_refusal(int status, std::string_view code, std::string_view words) {
  std::string body;
  base::json_writer out(body);
  out.begin_object().member("error", code).member("error_description", words).end_object();
  return http::json_response(status, std::move(body));
}

void text_or_null(base::json_writer& out, std::string_view name, const std::string& text) {
  out.key(name);
  if (text.empty()) {
    out.null();
  } else {
    out.value(text);
  }
}

void overwrite(std::string& target, const value& from, std::string_view name) {
  if (from.find(name) != nullptr) target = from.text_of(name);
}

}  // namespace

answer reloadify::receive(const call& incoming) {
  const auto& path = incoming.path;
  if (path_is(incoming, {"oauth", "token"})) return issue_token(incoming);
  const bool known = path.size() >= 4 && path.size() <= 7 && path[0] == "v2" && path[1] == "languages" &&
                     forms::language.holds(path[2]) && path[3] == "shopping_carts" &&
                     (path.size() < 6 || path[5] == "products");
  if (!known) return {refusal(404, "There is nothing at this path")};
  if (!authorized(incoming)) return {refusal(401, "The access token is missing, wrong or expired")};
  if (path.size() == 4) return carts(incoming, path[2]);
  cart* found = carts_.find(path[2] + '/' + path[4]);
  if (path.size() == 5) return one_cart(incoming, found);
  if (found == nullptr || found->deleted) return {refusal(404, "There is no such shopping cart")};
  return path.size() == 6 ? products(incoming, *found) : one_product(incoming, *found, path[6]);
}

answer reloadify::issue_token(const call& incoming) {
  if (incoming.request.method != "POST") return {with_allow(refusal(405, "Use POST"), "POST")};
  if (!is_json(incoming.request)) return {refusal(415, "Content-Type must be application/json")};
  const auto body = parse_document(incoming.request.body);
  if (!body) return {oauth_refusal(400, "invalid_request", body.error())};
  violations found;
  shape top(*body, "", found);
  top.string("grant_type", need::required);
  top.string("client_id", need::required);
  top.string("client_secret", need::required);
  top.string("scope", need::optional);
  top.nothing_else();
  if (!found.empty()) return {oauth_refusal(400, "invalid_request", sentence(found))};
  if (body->text_of("grant_type") != "client_credentials") {
    return {oauth_refusal(400, "unsupported_grant_type", "grant_type must be client_credentials")};
  }
  if (!accepts(incoming.settings, body->text_of("client_secret"))) {
    return {oauth_refusal(401, "invalid_client", "The client secret is wrong")};
  }
  const std::string token = std::string(token_prefix) + base::uuid_v4();
  tokens_[token] = incoming.now + incoming.settings.token_lifetime;
  ++tokens_issued_;
  std::string issued;
  base::json_writer out(issued);
  out.begin_object().member("access_token", token).member("token_type", "Bearer");
  out.member("expires_in", incoming.settings.token_lifetime.count()).end_object();
  return {http::json_response(200, std::move(issued))};
}

bool reloadify::authorized(const call& incoming) {
  const auto token = credential(incoming.request, "Bearer");
  if (!token) return false;
  if (!token->starts_with(token_prefix)) return accepts(incoming.settings, *token);
  const base::timestamp* expires = tokens_.find(std::string(*token));
  return expires != nullptr && incoming.now < *expires;
}

answer reloadify::carts(const call& incoming, const std::string& language) {
  if (incoming.request.method == "GET") return list(incoming, language);
  if (incoming.request.method == "PUT") return put(incoming, language);
  return {with_allow(refusal(405, "Use GET or PUT"), "GET, PUT")};
}

answer reloadify::list(const call& incoming, const std::string& language) const {
  violations found;
  const cart_query wanted = check_cart_query(incoming.request, found);
  if (!found.empty()) return {refusal(found)};
  const std::uint64_t first = (wanted.page - 1) * wanted.per_page;
  std::uint64_t at = 0;
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("data").begin_array();
  carts_.for_each([&](const std::string&, const cart& one) {
    if (one.language != language || !wanted.wants(one.created_at.at, one.updated_at.at)) return;
    if (at >= first && at < first + wanted.per_page) write_cart(out, one);
    ++at;
  });
  out.end_array().end_object();
  return {http::json_response(200, std::move(body))};
}

answer reloadify::put(const call& incoming, const std::string& language) {
  if (!is_json(incoming.request)) return {refusal(415, "Content-Type must be application/json")};
  const auto body = parse_document(incoming.request.body);
  if (!body) return {refusal(400, body.error())};
  violations found;
  const value* from = check_shopping_cart(*body, found);
  if (from == nullptr || !found.empty()) return {refusal(found)};
  cart& target = carts_[language + '/' + std::string(from->text_of("id"))];
  if (target.language.empty() || target.deleted) {
    target = cart{};
    target.language = language;
    target.id = from->text_of("id");
    target.created_at = {base::format_rfc3339_millis(incoming.now), incoming.now};
  }
  update(target, *from, incoming.now);
  ++cart_puts_;
  std::string model;
  base::json_writer out(model);
  write_cart(out, target);
  return {http::json_response(200, std::move(model))};
}

void reloadify::update(cart& target, const value& from, base::timestamp now) {
  ++target.puts;
  overwrite(target.profile_id, from, "profile_id");
  overwrite(target.currency, from, "currency");
  overwrite(target.price, from, "price");
  overwrite(target.recovery_url, from, "recovery_url");
  overwrite(target.recovery_token, from, "recovery_token");
  if (const value* attributes = from.find("custom_attributes"))
    target.custom_attributes = to_json(*attributes);
  if (const auto at = base::parse_rfc3339(from.text_of("created_at"))) {
    target.created_at = {std::string(from.text_of("created_at")), *at};
  }
  target.updated_at = {base::format_rfc3339_millis(now), now};
  if (const auto at = base::parse_rfc3339(from.text_of("updated_at"))) {
    target.updated_at = {std::string(from.text_of("updated_at")), *at};
  }
}

answer reloadify::one_cart(const call& incoming, cart* found) {
  const std::string& method = incoming.request.method;
  if (method != "GET" && method != "DELETE")
    return {with_allow(refusal(405, "Use GET or DELETE"), "GET, DELETE")};
  if (found == nullptr || (method == "DELETE" && found->deleted)) {
    return {refusal(404, "There is no such shopping cart")};
  }
  if (method == "GET") {
    std::string model;
    base::json_writer out(model);
    write_cart(out, *found);
    return {http::json_response(200, std::move(model))};
  }
  found->deleted = true;
  found->product_ids.clear();
  found->updated_at = {base::format_rfc3339_millis(incoming.now), incoming.now};
  ++cart_deletes_;
  return {no_content()};
}

answer reloadify::products(const call& incoming, cart& owner) {
  if (incoming.request.method != "GET") return {with_allow(refusal(405, "Use GET"), "GET")};
  std::string body;
  base::json_writer out(body);
  out.begin_object().key("data").begin_array();
  for (const std::string& id : owner.product_ids)
    out.begin_object().member("id", id).end_object();
  out.end_array().end_object();
  return {http::json_response(200, std::move(body))};
}

answer reloadify::one_product(const call& incoming, cart& owner, const std::string& id) {
  const std::string& method = incoming.request.method;
  if (method != "PUT" && method != "DELETE")
    return {with_allow(refusal(405, "Use PUT or DELETE"), "PUT, DELETE")};
  auto& ids = owner.product_ids;
  const auto at = std::find(ids.begin(), ids.end(), id);
  if (method == "DELETE") {
    if (at == ids.end()) return {refusal(404, "The product is not in this shopping cart")};
    ids.erase(at);
    ++product_deletes_;
    return {no_content()};
  }
  answer done;
  if (!incoming.request.body.empty())
    done.notes.emplace_back("the call takes no body: the path names the product");
  if (at == ids.end()) ids.push_back(id);
  ++product_puts_;
  std::string body;
  base::json_writer(body).begin_object().member("id", id).end_object();
  done.response = http::json_response(200, std::move(body));
  return done;
}

void reloadify::write_cart(base::json_writer& out, const cart& what) {
  out.begin_object().member("id", what.id).member("profile_id", what.profile_id);
  out.key("product_ids").begin_array();
  for (const std::string& id : what.product_ids)
    out.value(id);
  out.end_array();
  text_or_null(out, "currency", what.currency);
  text_or_null(out, "price", what.price);
  text_or_null(out, "recovery_url", what.recovery_url);
  text_or_null(out, "recovery_token", what.recovery_token);
  out.member("deleted", what.deleted);
  out.member("created_at", what.created_at.text).member("updated_at", what.updated_at.text);
  out.key("custom_attributes").raw(what.custom_attributes).end_object();
}

void reloadify::write_counters(base::json_writer& out) const {
  out.member("cart_puts", cart_puts_).member("cart_deletes", cart_deletes_);
  out.member("product_puts", product_puts_).member("product_deletes", product_deletes_);
  out.member("tokens_issued", tokens_issued_).member("forgotten", carts_.dropped());
}

void reloadify::write_state(base::json_writer& out) const {
  out.key("carts").begin_object();
  carts_.for_each([&](const std::string& name, const cart& one) {
    out.key(name).begin_object().member("puts", one.puts).key("cart");
    write_cart(out, one);
    out.end_object();
  });
  out.end_object();
}

}  // namespace cartrelay::sandbox
