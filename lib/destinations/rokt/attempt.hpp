#pragma once

#include "destinations/rokt/progress.hpp"
#include "destinations/rokt/reservation.hpp"
#include "destinations/single_request.hpp"

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
  [[nodiscard]] judgement judge_items(const http::response& answer) const;

  event::event_ptr what_;
  std::vector<reservation> items_;
  progress before_;
};

}  // namespace cartrelay::destinations::rokt
