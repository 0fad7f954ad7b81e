#include "base/text.hpp"
#include "destinations/judge.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/fuzz/vendors.hpp"

#include <algorithm>
#include <charconv>

namespace cartrelay::fuzz {
namespace {

using destinations::judgement;
using destinations::verdict;

/// More requests than any kind makes for the sample events: a token for each call, and each call once again.
constexpr std::size_t fewest_requests = 40;
/// Words of ours around an excerpt of the answer.
constexpr std::size_t longest_detail = destinations::longest_evidence + 200;

/// `503`, fields line by line, an empty line, the body; or `!3`, words: no answer, and how far the request
/// came.
http::outcome read_outcome(std::string_view written) {
  input in(written);
  const auto first = in.line();
  if (first.starts_with('!')) {
    const auto reached = first.size() > 1 ? static_cast<unsigned>(first[1] - '0') % 5 : 0;
    return http::failure{static_cast<http::stage>(reached), std::string(in.rest())};
  }
  http::response out;
  out.status = 200;
  std::from_chars(first.data(), first.data() + std::min<std::size_t>(first.size(), 3), out.status);
  for (auto field = in.line(); !field.empty(); field = in.line()) {
    const auto colon = std::min(field.find(':'), field.size());
    out.headers.add(std::string(field.substr(0, colon)),
                    std::string(base::trim(field.substr(std::min(colon + 1, field.size())))));
  }
  out.body = in.rest();
  return out;
}

bool holds_secret(std::string_view text) {
  return text.find(hidden_secret) != std::string_view::npos;
}

void check_judgement(const judgement& judged, bool failure_words_may_hold_anything) {
  const bool delivered = judged.what == verdict::delivered;
  require(judged.reason.empty() == delivered, "a reason for all but success", judged.reason);
  require(judged.reason.size() < 40 && !holds_secret(judged.reason), "a reason is a short class",
          judged.reason);
  require(base::is_valid_utf8(judged.detail), "details are UTF-8");
  require(judged.detail.size() <= longest_detail, "details are bounded", judged.detail);
  require(failure_words_may_hold_anything || !holds_secret(judged.detail), "no credential in the details",
          judged.detail);
  require(judged.results.empty() || is_json(judged.results), "results are JSON", judged.results);
  require(!judged.retry_after || judged.retry_after->count() > 0, "a wait is positive");
  require(!judged.divisible || judged.what == verdict::reject, "only a refused batch is divided");
}

struct attempt {
  std::vector<judgement> judgements;
  std::vector<destinations::memory_change> before, changes;
  bool failed = false;  ///< a request had no answer
};

attempt run(vendor& with, std::vector<destinations::delivery_event> events, destinations::memory known,
            input& answers, std::size_t most_requests) {
  attempt out;
  const auto count = events.size();
  const auto made = with.where->begin(std::move(events), std::move(known));
  out.before = made->changes_before();
  std::size_t requests = 0;
  while (const auto request = made->next(now())) {
    require(++requests <= most_requests, "an attempt ends, whatever the answers");
    check_request(*request, with.given);
    const auto came =
        answers.empty() ? http::outcome(http::json_response(200, "{}")) : read_outcome(answers.text());
    out.failed = out.failed || !came;
    static_cast<void>(made->safe_to_repeat());
    made->take(came);
  }
  out.judgements = made->judgements();
  out.changes = made->changes();
  require(out.judgements.size() == count, "a verdict for every event");
  for (const auto& change : out.changes)
    require(!change.key.empty() && change.keep.count() > 0, "what is remembered has a key and an end");
  return out;
}

/// As the queue would: later changes win.
void apply(destinations::memory& known, const std::vector<destinations::memory_change>& changes) {
  for (const auto& change : changes) {
    if (change.value)
      known[change.key] = *change.value;
    else
      known.erase(change.key);
  }
}

}  // namespace

void vendor_answer(std::string_view bytes) {
  input in(bytes);
  auto with = make_vendor(in.choice());
  const auto& what = full_events()[in.choice() % full_events().size()];
  if (with.where->screen(*what).what != destinations::screening::outcome::send) return;
  const auto batch = 1 + in.choice() % std::min<std::size_t>(with.where->largest_batch(), 3);
  const auto memo = in.text();
  const auto remembered = in.text();

  destinations::memory known;
  if (!remembered.empty())
    for (const auto& key : with.where->memory_keys(*what))
      known[key] = remembered;
  std::vector<destinations::delivery_event> events(batch, {what, std::string(memo)});
  // Each product that a memory or an answer names may take a call to remove it.
  const auto most_requests = fewest_requests + bytes.size();
  const auto first = run(with, events, known, in, most_requests);
  for (const auto& judged : first.judgements)
    check_judgement(judged, first.failed);

  // Whatever became of it, what it left behind must be readable: a replay ends well when the vendor does.
  for (std::size_t at = 0; at < batch; ++at)
    events[at].memo = first.judgements[at].memo;
  apply(known, first.before);
  apply(known, first.changes);
  input nothing_more("");
  const auto again = run(with, events, known, nothing_more, most_requests);
  for (const auto& judged : again.judgements) {
    check_judgement(judged, false);
    require(!memo.empty() || judged.reason != "memo_unreadable", "a memo of ours can be read", judged.memo);
  }
}

}  // namespace cartrelay::fuzz
