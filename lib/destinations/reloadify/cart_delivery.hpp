#pragma once

#include "destinations/delivery.hpp"
#include "destinations/reloadify/cart_work.hpp"
#include "destinations/reloadify/credentials.hpp"

#include <optional>
#include <vector>

namespace cartrelay::destinations::reloadify {

/// One attempt at one event: its calls with a token, the first failure ends it. A repeat begins with the
/// first call again, since all of them are idempotent. `tokens` outlives it.
class cart_delivery final : public delivery {
 public:
  cart_delivery(cart_work work, credentials& tokens) : work_(std::move(work)), tokens_(tokens) {}
  ~cart_delivery() override;

  [[nodiscard]] std::optional<http::request> next(base::timestamp now) override;
  [[nodiscard]] bool is_waiting() const override { return waiting_; }
  void take(const http::outcome& came) override;
  [[nodiscard]] bool safe_to_repeat() const override { return true; }
  [[nodiscard]] std::vector<judgement> judgements() const override;
  [[nodiscard]] std::vector<memory_change> changes_before() const override { return work_.before(); }
  [[nodiscard]] std::vector<memory_change> changes() const override { return work_.after(); }

 private:
  void take_token(const http::outcome& came);
  void take_call(const http::outcome& came);

  cart_work work_;
  credentials& tokens_;
  base::timestamp now_;
  base::secret bearer_;          // what the call under way was sent with
  bool fetching_token_ = false;  // the request under way
  bool waiting_ = false;         // for the token that another attempt is fetching
  int fetches_ = 0;              // of tokens, since a call succeeded
  int refusals_ = 0;             // of tokens, likewise; the last one that may be counts as all
  std::optional<judgement> failed_;
};

}  // namespace cartrelay::destinations::reloadify
