#include "destinations/rokt/attempt.hpp"

#include "base/text.hpp"
#include "destinations/judge.hpp"

#include <fmt/format.h>

namespace cartrelay::destinations::rokt {
namespace {

// A second confirm may fulfil twice, so no request is ever repeated on the connection's word alone.
constexpr bool repeatable = false;

bool is_success(int status) {
  return status >= 200 && status < 300;
}

/// Unasked: every request wants its answer as it is.
bool is_encoded(const http::response& answer) {
  const auto coding = answer.headers.find("Content-Encoding");
  return coding && !coding->empty() && !base::equals_ignoring_case(*coding, "identity");
}

/// 500 is the vendor's own word that it failed (its page on confirming cart items, responses), and so, by its
/// meaning, is 503 (RFC 9110, 15.6.4). Any other 5xx comes from a gateway that got no answer in time, as the
/// 504 of that page, or a broken one, and says nothing of what happened behind it.
bool says_nothing(int status) {
  return status > 500 && status != 503;
}

/// It may well be a confirmation that something on the way cut off or replaced.
std::string why_unreadable(const http::response& answer) {
  if (is_encoded(answer))
    return fmt::format("{} with an encoded body, which was not asked for", answer.status);
  return "not a confirmation: " + describe(answer);
}

}  // namespace

attempt::attempt(http::request request, base::secret hidden, event::event_ptr what,
                 std::vector<reservation> items, progress before)
    : single_request(std::move(request), 1, repeatable, std::move(hidden)),
      what_(std::move(what)),
      items_(std::move(items)),
      before_(std::move(before)) {}

judgement attempt::meaning(const http::outcome& came, base::timestamp asked_at) const {
  const bool success = came && is_success(came->status);
  if (const auto items = success ? came_back(*came) : std::nullopt) return judge_items(*items);
  const bool unclear = success || (came && says_nothing(came->status));
  auto out = unclear ? in_doubt(*came, asked_at) : judge(came, asked_at);
  if (success) out.detail = why_unreadable(*came);
  out.memo = encode(before_);
  out.results = results(before_.confirmed);
  return out;
}

std::optional<confirmations> attempt::came_back(const http::response& answer) const {
  if (items_.empty()) return confirmations();
  if (is_encoded(answer)) return std::nullopt;
  return read_answer(answer.body, items_);
}

judgement attempt::judge_items(const confirmations& came_back) const {
  progress after;
  after.confirmed = before_.confirmed;
  std::string missing;
  for (std::size_t at = 0; at < items_.size(); ++at) {
    if (came_back[at]) {
      after.confirmed.push_back(*came_back[at]);
      continue;
    }
    after.open.push_back(items_[at].index);
    missing.append(missing.empty() ? "" : ", ").append(*items_[at].cart_item_id);
  }
  judgement out;
  out.results = results(after.confirmed);
  if (after.open.empty()) return out;
  out.what = verdict::reject;
  out.reason = "items_not_confirmed";
  out.detail =
      fmt::format("{} of {} items not confirmed, cartItemId: {}", after.open.size(), items_.size(), missing);
  out.memo = encode(after);
  return out;
}

}  // namespace cartrelay::destinations::rokt
