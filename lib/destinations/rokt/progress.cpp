#include "destinations/rokt/progress.hpp"

#include "base/json_writer.hpp"
#include "destinations/rokt/text_member.hpp"

#include <boost/json.hpp>

namespace cartrelay::destinations::rokt {
namespace {

void write_items(base::json_writer& out, const std::vector<confirmation>& confirmed) {
  out.key("items").begin_array();
  for (const auto& one : confirmed) {
    out.begin_object();
    out.member("cartItemId", one.cart_item_id).member("itemReservationId", one.reservation_id);
    if (one.id) out.member("itemConfirmationId", *one.id);
    if (one.url) out.member("itemConfirmationUrl", *one.url);
    out.end_object();
  }
  out.end_array();
}

std::optional<confirmation> read_confirmation(const boost::json::value& from) {
  if (!from.is_object()) return std::nullopt;
  const auto& object = from.get_object();
  auto cart_item_id = text_member(object, "cartItemId");
  auto reservation_id = text_member(object, "itemReservationId");
  if (!cart_item_id || !reservation_id) return std::nullopt;
  return confirmation{std::move(*cart_item_id), std::move(*reservation_id),
                      text_member(object, "itemConfirmationId"), text_member(object, "itemConfirmationUrl")};
}

}  // namespace

std::string encode(const progress& value) {
  std::string json;
  base::json_writer out(json);
  out.begin_object().key("open").begin_array();
  for (const auto index : value.open)
    out.value(index);
  out.end_array();
  write_items(out, value.confirmed);
  out.end_object();
  return json;
}

std::optional<progress> decode(std::string_view memo) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(memo, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const auto* open = parsed.get_object().if_contains("open");
  const auto* items = parsed.get_object().if_contains("items");
  if (open == nullptr || !open->is_array() || items == nullptr || !items->is_array()) return std::nullopt;
  progress out;
  for (const auto& index : open->get_array()) {
    if (!index.is_int64() || index.get_int64() < 0) return std::nullopt;
    out.open.push_back(static_cast<std::size_t>(index.get_int64()));
  }
  for (const auto& item : items->get_array()) {
    auto one = read_confirmation(item);
    if (!one) return std::nullopt;
    out.confirmed.push_back(std::move(*one));
  }
  return out;
}

std::string results(const std::vector<confirmation>& confirmed) {
  if (confirmed.empty()) return {};
  std::string json;
  base::json_writer out(json);
  out.begin_object();
  write_items(out, confirmed);
  out.end_object();
  return json;
}

}  // namespace cartrelay::destinations::rokt
