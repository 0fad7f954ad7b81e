#include "destinations/reloadify/product_set.hpp"

#include "base/json_writer.hpp"
#include "destinations/answer_object.hpp"
#include "destinations/reloadify/calls.hpp"

#include <boost/json.hpp>

namespace cartrelay::destinations::reloadify {
namespace {

namespace json = boost::json;

std::optional<std::string> id_text(const json::value& id) {
  if (const auto* text = id.if_string()) return std::string(*text);
  if (id.is_int64() || id.is_uint64()) return json::serialize(id);
  return std::nullopt;
}

}  // namespace

std::string memory_key(std::string_view language, std::string_view cart_id) {
  std::string key = "cart-products:";
  key.append(language).append("/").append(cart_id);
  return key;
}

std::string encode(const product_set& products) {
  std::string out;
  base::json_writer writer(out);
  writer.begin_array();
  for (const auto& id : products)
    writer.value(id);
  writer.end_array();
  return out;
}

std::optional<product_set> decode(std::string_view value) {
  boost::system::error_code failed;
  const auto parsed = json::parse({value.data(), value.size()}, failed);
  if (failed || !parsed.is_array()) return std::nullopt;
  product_set out;
  for (const auto& id : parsed.get_array()) {
    if (!id.is_string()) return std::nullopt;
    out.emplace(id.get_string());
  }
  return out;
}

std::optional<product_set> read_list(std::string_view body) {
  const auto answer = answer_object(body);
  const auto* data = answer ? answer->if_contains("data") : nullptr;
  if (!data || !data->is_array()) return std::nullopt;
  product_set out;
  for (const auto& entry : data->get_array()) {
    const auto* id = entry.is_object() ? entry.get_object().if_contains("id") : nullptr;
    auto text = id ? id_text(*id) : std::nullopt;
    if (!text) return std::nullopt;
    if (fits_path(*text)) out.insert(std::move(*text));
  }
  return out;
}

product_set products_of(const std::vector<event::item>& items) {
  product_set out;
  for (const auto& item : items)
    out.emplace(item.vendor_id());
  return out;
}

difference compare(const product_set& held, const std::vector<event::item>& wanted) {
  difference out;
  std::set<std::string_view> seen;
  for (const auto& item : wanted) {
    const auto id = item.vendor_id();
    if (seen.insert(id).second && !held.contains(id)) out.put.push_back(id);
  }
  for (const auto& id : held)
    if (!seen.contains(id)) out.remove.push_back(id);
  return out;
}

}  // namespace cartrelay::destinations::reloadify
