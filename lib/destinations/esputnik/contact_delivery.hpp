#pragma once

#include "base/secret.hpp"
#include "destinations/delivery.hpp"

#include <optional>
#include <span>
#include <string>

namespace cartrelay::destinations::esputnik {

/// One attempt at one event: the import of its contact if that is due, then the event.
class contact_delivery final : public delivery {
 public:
  struct import_call {
    http::request what;
    std::string key;  ///< under which its success is remembered
  };
  /// `hidden` (the credential as it goes over the wire, and bare) is taken out of answers before they are
  /// judged; it outlives the delivery.
  contact_delivery(std::optional<import_call> import, http::request event,
                   std::span<const base::secret> hidden);

  [[nodiscard]] std::optional<http::request> next(base::timestamp now) override;
  void take(const http::outcome& came) override;
  [[nodiscard]] bool safe_to_repeat() const override { return true; }
  [[nodiscard]] std::vector<judgement> judgements() const override;
  /// An import that was done stays done, whatever became of the event.
  [[nodiscard]] std::vector<memory_change> changes() const override;

 private:
  enum class step { import, event, over };

  [[nodiscard]] judgement judged(const http::outcome& came) const;

  std::optional<import_call> import_;
  http::request event_;
  std::span<const base::secret> hidden_;
  step at_;
  bool imported_ = false;
  base::timestamp now_;
  judgement judged_;
};

}  // namespace cartrelay::destinations::esputnik
