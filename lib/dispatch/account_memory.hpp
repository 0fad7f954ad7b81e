#pragma once

#include "destinations/delivery.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cartrelay::dispatch {

/// What a destination remembers is true of one account at its vendor. The queue holds each value behind the
/// mark of that account (account_mark), so that settings which name another one find nothing of it. Kinds see
/// and say values without marks.
class account_memory {
 public:
  explicit account_memory(std::string mark) : mark_(std::move(mark)) {}

  /// Of what is stored, that which is true of this account.
  [[nodiscard]] destinations::memory own(destinations::memory stored);
  /// What own() kept back: of another account, or from before there were marks. A delivery does not tell what
  /// it does to something that it does not know of, so this is to be forgotten before one begins: the account
  /// it was about may come back, or be the same one under another secret.
  [[nodiscard]] std::vector<destinations::memory_change> forget_others() const;
  /// As they are stored.
  [[nodiscard]] std::vector<destinations::memory_change> marked(
      std::vector<destinations::memory_change> changes) const;

 private:
  std::string mark_;
  std::vector<std::string> others_;
};

}  // namespace cartrelay::dispatch
