#include "destinations/reloadify/cart_delivery.hpp"

#include "destinations/judge.hpp"

#include <utility>

namespace cartrelay::destinations::reloadify {
namespace {

/// One because there was none or it ends soon, one because a call was refused.
constexpr int most_fetches = 2;
/// Of tokens, from one call that succeeds to the next.
constexpr int most_refusals = 4;

bool is_success(const http::outcome& came) {
  return came && came->status >= 200 && came->status < 300;
}

/// A token that cannot be had says nothing about the event, so it is never refused for that; and since
/// fetching one changes nothing at the vendor, nothing is in doubt either.
judgement judge_token(const http::outcome& came, base::timestamp now) {
  auto out = judge(came, now);
  if (out.what == verdict::in_doubt) {
    out.what = verdict::retry;
    out.reason = "token_unanswered";
  } else if (out.what != verdict::retry) {
    out.what = verdict::unauthorized;
    out.reason = "token_refused";
  }
  out.divisible = false;
  out.detail = "access token: " + out.detail;
  return out;
}

}  // namespace

cart_delivery::~cart_delivery() {
  if (fetching_token_) tokens_.end_fetch();
}

std::optional<http::request> cart_delivery::next(base::timestamp now) {
  waiting_ = false;
  if (failed_ || work_.done()) return std::nullopt;
  now_ = now;
  auto token = tokens_.bearer(now);
  if (!token && fetches_ == most_fetches) {
    failed_ = judged(verdict::unauthorized, "token_unusable", "access tokens expire before they can be used");
    return std::nullopt;
  }
  if (!token) {
    fetching_token_ = tokens_.begin_fetch(now);
    waiting_ = !fetching_token_;
    if (waiting_) return std::nullopt;
    ++fetches_;
    return tokens_.token_request();
  }
  bearer_ = std::move(*token);
  http::request call = work_.begin_call();
  call.headers.add("Authorization", "Bearer " + bearer_.reveal());
  return call;
}

void cart_delivery::take(const http::outcome& came) {
  if (waiting_) return;  // nothing was asked
  if (std::exchange(fetching_token_, false))
    take_token(came);
  else
    take_call(came);
  if (failed_) failed_->detail = mask(tokens_.masked(std::move(failed_->detail)), bearer_);
}

void cart_delivery::take_token(const http::outcome& came) {
  tokens_.end_fetch();
  if (is_success(came) && tokens_.accept(*came, now_)) return;
  // A renewal before its time that failed: the old token is still good.
  if (tokens_.bearer(now_)) return;
  // The body is no evidence: it may hold a token after all.
  failed_ = is_success(came) ? judged(verdict::unauthorized, "token_unusable",
                                      "the token endpoint's answer holds no access_token")
                             : judge_token(came, now_);
}

void cart_delivery::take_call(const http::outcome& came) {
  if (is_success(came) || (came && came->status == 404 && work_.may_be_missing())) {
    if (!work_.finish_call(*came))
      failed_ = judged(verdict::retry, "unexpected_answer", "not a list of products: " + describe(*came));
    fetches_ = 0;
    refusals_ = 0;
    return;
  }
  if (came && came->status == 401 && refusals_ < most_refusals) {
    const auto remedy = tokens_.refused(bearer_);
    // One that was renewed meanwhile says nothing of the credential.
    refusals_ += remedy == credentials::remedy::renewed ? 1 : most_refusals;
    if (remedy != credentials::remedy::none) return;
  }
  failed_ = judge(came, now_);
  failed_->divisible = false;
  // It is the first call, and asking changes nothing.
  if (failed_->what == verdict::in_doubt && work_.only_asks()) {
    failed_->what = verdict::retry;
    failed_->reason = "products_unanswered";
  }
}

std::vector<judgement> cart_delivery::judgements() const {
  if (failed_) return {*failed_};
  if (work_.done()) return {judgement()};
  return {not_sent("broken off before its last call")};
}

}  // namespace cartrelay::destinations::reloadify
