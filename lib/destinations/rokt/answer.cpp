#include "destinations/rokt/answer.hpp"

#include "destinations/rokt/text_member.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cartrelay::destinations::rokt {
namespace {

using told = std::optional<std::string>;

struct entry {
  told cart_item_id, reservation_id, confirmation_id, confirmation_url;
  bool success = false;
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

/// Those that say yes or no.
std::vector<entry> read_entries(std::string_view body) {
  std::vector<entry> out;
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(body, failed);
  if (failed || !parsed.is_object()) return out;
  const auto* items = parsed.get_object().if_contains("items");
  if (items == nullptr || !items->is_array()) return out;
  for (const auto& item : items->get_array()) {
    if (!item.is_object()) continue;
    const auto& from = item.get_object();
    const auto* success = from.if_contains("success");
    if (success == nullptr || !success->is_bool()) continue;
    out.push_back(entry{text_member(from, "cartItemId"), text_member(from, "itemReservationId"),
                        keepable(text_member(from, "itemConfirmationId")),
                        keepable(text_member(from, "itemConfirmationUrl")), success->get_bool()});
  }
  return out;
}

bool fits(const told& repeated, event::text sent) {
  return !repeated || sent == *repeated;
}

/// The ids that the answer repeats are the item's, and it repeats at least one.
bool may_stand_for(const entry& one, const reservation& item) {
  if (one.taken || (!one.cart_item_id && !one.reservation_id)) return false;
  return fits(one.cart_item_id, item.cart_item_id) && fits(one.reservation_id, item.reservation_id);
}

/// Where an answer repeats an id, so that many entries for many items cost no more than both.
class entry_index {
 public:
  explicit entry_index(std::vector<entry>& entries) {
    for (auto& one : entries) {
      if (one.cart_item_id) by_cart_item_[*one.cart_item_id].push_back(&one);
      if (one.reservation_id) by_reservation_[*one.reservation_id].push_back(&one);
    }
  }
  /// Those that repeat one of the item's ids, in the answer's order.
  [[nodiscard]] std::vector<entry*> of(const reservation& item) const {
    const auto cart_item = find(by_cart_item_, item.cart_item_id);
    const auto reserved = find(by_reservation_, item.reservation_id);
    std::vector<entry*> out;
    std::set_union(cart_item.begin(), cart_item.end(), reserved.begin(), reserved.end(),
                   std::back_inserter(out), std::less<>());
    return out;
  }

 private:
  using places = std::unordered_map<std::string_view, std::vector<entry*>>;

  static std::span<entry* const> find(const places& in, event::text id) {
    const auto found = id ? in.find(*id) : in.end();
    return found == in.end() ? std::span<entry* const>() : found->second;
  }

  places by_cart_item_, by_reservation_;
};

bool stands_for(const entry& one, const reservation& item) {
  return one.cart_item_id && one.reservation_id && may_stand_for(one, item);
}

/// An item, and what of the answer may be about it.
struct candidates {
  const reservation& item;
  std::vector<entry*> entries;
  entry* chosen = nullptr;
};

/// Gives each item that has none the first entry that is left and fits.
void assign(std::vector<candidates>& to, bool (*fit)(const entry&, const reservation&)) {
  for (auto& one : to) {
    if (one.chosen != nullptr) continue;
    const auto found =
        std::ranges::find_if(one.entries, [&](const entry* each) { return fit(*each, one.item); });
    if (found == one.entries.end()) continue;
    one.chosen = *found;
    one.chosen->taken = true;
  }
}

}  // namespace

std::vector<std::optional<confirmation>> read_answer(std::string_view body,
                                                     const std::vector<reservation>& sent) {
  auto entries = read_entries(body);
  const entry_index index(entries);
  std::vector<candidates> items;
  items.reserve(sent.size());
  for (const auto& item : sent)
    items.push_back({item, index.of(item)});
  // Both ids first: an entry with one of them may stand for several items.
  assign(items, stands_for);
  assign(items, may_stand_for);
  std::vector<std::optional<confirmation>> out(sent.size());
  for (std::size_t at = 0; at < items.size(); ++at) {
    const auto& [item, told_of_it, chosen] = items[at];
    const auto denies = [&item = item](const entry* one) {
      return !one->success && may_stand_for(*one, item);
    };
    if (chosen == nullptr || !chosen->success || std::ranges::any_of(told_of_it, denies)) continue;
    out[at] = confirmation{std::string(*item.cart_item_id), std::string(*item.reservation_id),
                           std::move(chosen->confirmation_id), std::move(chosen->confirmation_url)};
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
