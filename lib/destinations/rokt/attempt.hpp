#pragma once

#include "destinations/rokt/answer.hpp"
#include "destinations/rokt/progress.hpp"
#include "destinations/rokt/reservation.hpp"
#include "destinations/single_request.hpp"

#include <optional>
#include <vector>

namespace cartrelay::destinations::rokt {

/// One confirm call. Its answer's body decides, item by item; what may have been confirmed without our
/// knowing is in doubt, never a plain retry.
class attempt final : public single_request {
 public:
  /// `items` are those that the request holds, and point into `what`; `before` is how far earlier attempts
  /// came.
  attempt(http::request request, base::secret hidden, event::event_ptr what, std::vector<reservation> items,
          progress before);

 protected:
  [[nodiscard]] judgement meaning(const http::outcome& came, base::timestamp asked_at) const override;

 private:
  /// Nothing if the answer to the items cannot be read.
  [[nodiscard]] std::optional<confirmations> came_back(const http::response& answer) const;
  [[nodiscard]] judgement judge_items(const confirmations& came_back) const;

  event::event_ptr what_;
  std::vector<reservation> items_;
  progress before_;
};

}  // namespace cartrelay::destinations::rokt
