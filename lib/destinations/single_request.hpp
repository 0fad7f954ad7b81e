#pragma once

#include "base/secret.hpp"
#include "destinations/delivery.hpp"

#include <optional>
#include <vector>

namespace cartrelay::destinations {

/// A request whose body is JSON and whose answer is to be JSON.
[[nodiscard]] http::request json_request(std::string method, std::string url, std::string body);

/// An attempt of one request whose answer means the same for each of its events. Kinds whose answers mean
/// something of their own override meaning(); by default it is the general table (judge.hpp).
class single_request : public delivery {
 public:
  /// `hidden` is taken out of the answer before it is judged, should the vendor have echoed it.
  single_request(http::request what, std::size_t events, bool safe_to_repeat, base::secret hidden);
  /// An attempt that is over before it began, for one event.
  explicit single_request(judgement known);

  [[nodiscard]] std::optional<http::request> next(base::timestamp now) final;
  void take(const http::outcome& came) final;
  [[nodiscard]] bool safe_to_repeat() const final { return safe_to_repeat_; }
  [[nodiscard]] std::vector<judgement> judgements() const final;
  [[nodiscard]] std::vector<memory_change> changes() const final { return {}; }

 protected:
  /// `asked_at` is when the request was handed out.
  [[nodiscard]] virtual judgement meaning(const http::outcome& came, base::timestamp asked_at) const;

 private:
  std::optional<http::request> what_;
  std::size_t events_ = 1;
  bool safe_to_repeat_ = true;
  base::secret hidden_;
  base::timestamp asked_at_;
  judgement judged_;
};

}  // namespace cartrelay::destinations
