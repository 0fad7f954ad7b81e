#include "destinations/rokt/answer.hpp"

#include "destinations/rokt/text_member.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string>

namespace cartrelay::destinations::rokt {
namespace {

using told = std::optional<std::string>;

struct entry {
  told cart_item_id, reservation_id, confirmation_id, confirmation_url;
  bool taken = false;
};

/// A confirmation is stored with the event and shown to people: what no id or URL looks like is not kept.
told keepable(told given) {
  constexpr std::size_t longest = 4096;
  // Visible ASCII: what a URL is made of, and an id that somebody has to compare.
  const auto is_fit = [](char c) { return c > ' ' && c < 0x7f; };
  if (given && (given->size() > longest || !std::all_of(given->begin(), given->end(), is_fit))) given.reset();
  return given;
}

bool succeeded(const boost::json::object& item) {
  const auto* value = item.if_contains("success");
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<entry> successes(std::string_view body) {
  std::vector<entry> out;
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(body, failed);
  if (failed || !parsed.is_object()) return out;
  const auto* items = parsed.get_object().if_contains("items");
  if (items == nullptr || !items->is_array()) return out;
  for (const auto& item : items->get_array()) {
    if (!item.is_object() || !succeeded(item.get_object())) continue;
    const auto& from = item.get_object();
    out.push_back(entry{text_member(from, "cartItemId"), text_member(from, "itemReservationId"),
                        keepable(text_member(from, "itemConfirmationId")),
                        keepable(text_member(from, "itemConfirmationUrl"))});
  }
  return out;
}

bool fits(const told& repeated, event::text sent) {
  return !repeated || sent == *repeated;
}

/// The ids that the answer repeats are the item's, and it repeats at least one.
bool stands_for(const entry& one, const reservation& item) {
  if (one.taken || (!one.cart_item_id && !one.reservation_id)) return false;
  return fits(one.cart_item_id, item.cart_item_id) && fits(one.reservation_id, item.reservation_id);
}

}  // namespace

std::vector<std::optional<confirmation>> read_answer(std::string_view body,
                                                     const std::vector<reservation>& sent) {
  auto entries = successes(body);
  std::vector<std::optional<confirmation>> out;
  for (const auto& item : sent) {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const entry& one) { return stands_for(one, item); });
    if (found == entries.end()) {
      out.emplace_back();
      continue;
    }
    found->taken = true;
    out.emplace_back(confirmation{std::string(*item.cart_item_id), std::string(*item.reservation_id),
                                  std::move(found->confirmation_id), std::move(found->confirmation_url)});
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
