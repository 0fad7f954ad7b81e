#pragma once

#include "destinations/destination.hpp"
#include "simulation/scenario.hpp"

namespace cartrelay::simulation {

/// A destination kind with everything that a kind can have: batches, several requests, a memory, snapshots.
/// A request's body is the ids of its events, joined by commas.
class page_kind final : public destinations::destination {
 public:
  explicit page_kind(const scenario& how) : how_(how) {}

  [[nodiscard]] destinations::screening screen(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> order_keys(const event::event& what) const override;
  [[nodiscard]] bool supersedes(const event::event& what) const override;
  [[nodiscard]] std::vector<std::string> memory_keys(const event::event& what) const override;
  [[nodiscard]] std::size_t largest_batch() const override { return how_.given.batch.max_events; }
  [[nodiscard]] std::size_t encoded_size(const event::event& what) const override {
    return what.id.size() + 1;
  }
  [[nodiscard]] std::size_t envelope_size() const override { return 0; }
  [[nodiscard]] std::unique_ptr<destinations::delivery> begin(
      std::vector<destinations::delivery_event> events, destinations::memory known) override;

 private:
  scenario how_;
};

}  // namespace cartrelay::simulation
