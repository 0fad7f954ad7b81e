#pragma once

#include "base/time.hpp"
#include "queue/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace cartrelay::dispatch {

/// What the queue said lately of a destination's own memory, and what the destination has changed in it
/// since: the lease makes it the only one who does. Saves a trip to the reader's thread where the same
/// customer or cart comes again, and lets one trip serve many deliveries. Bounded in bytes; what was last
/// asked or changed a minute ago is asked again, so that an entry is not believed for long after it expired.
///
/// One thread at a time.
class recollection {
 public:
  using value = std::optional<std::string>;

  /// Null: ask the queue.
  [[nodiscard]] const value* find(const std::string& key, base::steady_time now);
  /// The destination changed it.
  void change(std::string key, value now_holds, base::steady_time now);
  /// What the queue answered to a question of `when`: not kept if something may have been changed and dropped
  /// since.
  void learn(std::string key, value known, std::uint64_t when, base::steady_time now);
  /// The time of a question.
  [[nodiscard]] std::uint64_t age() const noexcept { return age_; }
  /// Everything: the queue was told by others to forget.
  void clear();

 private:
  struct generation {
    std::unordered_map<std::string, value> entries;
    std::size_t bytes = 0;
  };

  void grow_old(base::steady_time now);

  generation young_, old_;
  base::steady_time young_since_{};
  std::uint64_t age_ = 0;  // how often something was dropped
};

}  // namespace cartrelay::dispatch
