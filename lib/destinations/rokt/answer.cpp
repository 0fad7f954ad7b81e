#include "destinations/rokt/answer.hpp"

#include "destinations/answer_object.hpp"
#include "destinations/rokt/text_member.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cartrelay::destinations::rokt {
namespace {

using told = std::optional<std::string>;

struct entry {
  told cart_item_id, reservation_id, confirmation_id, confirmation_url;
  bool success = false;
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
std::vector<entry> read_entries(const boost::json::object& answer) {
  std::vector<entry> out;
  const auto* items = answer.if_contains("items");
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

/// Entries that repeat the same ids, in the answer's order. Each stands for one item, and is taken by it.
class alike {
 public:
  void add(entry& one) {
    all_.push_back(&one);
    if (!one.success) ++denials_;
  }
  /// The first that is left, or null.
  [[nodiscard]] entry* first() const { return taken_ < all_.size() ? all_[taken_] : nullptr; }
  entry* take() {
    entry* const one = first();
    if (one == nullptr) return one;
    ++taken_;
    if (!one->success) --denials_;
    return one;
  }
  /// A `false` is left.
  [[nodiscard]] bool denies() const { return denials_ > 0; }

 private:
  std::vector<entry*> all_;
  std::size_t taken_ = 0;
  std::size_t denials_ = 0;
};

/// cartItemId and itemReservationId, or one of them.
using repeated_ids = std::pair<std::optional<std::string_view>, std::optional<std::string_view>>;

/// What of the answer may be about an item, and what stands for it. Many entries for many items cost no more
/// than both: each stands in one list, and leaves it from the front.
struct candidates {
  alike& with_both;
  alike& with_cart_item;
  alike& with_reservation;
  entry* chosen = nullptr;

  void choose_with_one() {
    const entry* const one = with_cart_item.first();
    const entry* const other = with_reservation.first();
    const bool comes_later = one == nullptr || (other != nullptr && std::less<>()(other, one));
    chosen = (comes_later ? with_reservation : with_cart_item).take();
  }
  [[nodiscard]] bool is_confirmed() const {
    return chosen != nullptr && chosen->success && !with_both.denies() && !with_cart_item.denies() &&
           !with_reservation.denies();
  }
};

}  // namespace

std::optional<confirmations> read_answer(std::string_view body, const std::vector<reservation>& sent) {
  const auto answer = answer_object(body);
  if (!answer) return std::nullopt;
  auto entries = read_entries(*answer);
  std::map<repeated_ids, alike> lists;
  for (auto& one : entries)
    lists[{one.cart_item_id, one.reservation_id}].add(one);
  std::vector<candidates> items;
  items.reserve(sent.size());
  for (const auto& one : sent) {
    const auto cart_item = *one.cart_item_id, reserved = *one.reservation_id;
    items.push_back(
        {lists[{cart_item, reserved}], lists[{cart_item, std::nullopt}], lists[{std::nullopt, reserved}]});
  }
  // Both ids first: an entry with one of them may stand for several items.
  for (auto& one : items)
    one.chosen = one.with_both.take();
  for (auto& one : items)
    if (one.chosen == nullptr) one.choose_with_one();
  confirmations out(sent.size());
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (!items[at].is_confirmed()) continue;
    auto& given = *items[at].chosen;
    out[at] = confirmation{std::string(*sent[at].cart_item_id), std::string(*sent[at].reservation_id),
                           std::move(given.confirmation_id), std::move(given.confirmation_url)};
  }
  return out;
}

}  // namespace cartrelay::destinations::rokt
