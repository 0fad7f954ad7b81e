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

bool stands_for(const entry& one, const reservation& item) {
  return one.cart_item_id && one.reservation_id && may_stand_for(one, item);
}

/// Gives each item that has none the first entry that is left and fits.
void assign(std::vector<entry*>& to, const std::vector<reservation>& sent, std::vector<entry>& entries,
            bool (*fit)(const entry&, const reservation&)) {
  for (std::size_t at = 0; at < sent.size(); ++at) {
    if (to[at] != nullptr) continue;
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const entry& one) { return fit(one, sent[at]); });
    if (found == entries.end()) continue;
    found->taken = true;
    to[at] = &*found;
  }
}

}  // namespace

std::vector<std::optional<confirmation>> read_answer(std::string_view body,
                                                     const std::vector<reservation>& sent) {
  auto entries = read_entries(body);
  std::vector<entry*> of(sent.size());
  // Both ids first: an entry with one of them may stand for several items.
  assign(of, sent, entries, stands_for);
  assign(of, sent, entries, may_stand_for);
  std::vector<std::optional<confirmation>> out(sent.size());
  for (std::size_t at = 0; at < sent.size(); ++at) {
    const auto& item = sent[at];
    const auto denies = [&](const entry& one) { return !one.success && may_stand_for(one, item); };
    if (of[at] == nullptr || !of[at]->success || std::any_of(entries.begin(), entries.end(), denies))
      continue;
    out[at] = confirmation{std::string(*item.cart_item_id), std::string(*item.reservation_id),
                           std::move(of[at]->confirmation_id), std::move(of[at]->confirmation_url)};
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
