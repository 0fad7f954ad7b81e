#pragma once

#include <cstddef>
#include <string>

namespace cartrelay::base {

/// As the calling thread is listed by top, ps and debuggers; 15 bytes are kept.
void name_this_thread(const std::string& name);

/// For threads that do what nobody waits for: where the processors do not suffice for all, the calling thread
/// gets a tenth of what another gets that does not step back, and makes way soon for one that wakes up. It
/// goes on as if nothing was asked where the system refuses, or knows no such wish.
void step_back() noexcept;

/// Lets whoever has become ready on this processor run first, now and then. Linux gives the processor at once
/// to a thread that wakes up only if it is owed time just then; otherwise it looks again at its next tick, up
/// to four milliseconds later, even while another processor idles.
class giving_way {
 public:
  /// After this many units of work: about a tenth of a millisecond's. A call costs half a microsecond if
  /// nobody waits.
  explicit giving_way(std::size_t every) noexcept : every_(every) {}

  void worked(std::size_t units = 1) noexcept {
    done_ += units;
    if (done_ >= every_) now();
  }

 private:
  void now() noexcept;

  std::size_t every_, done_ = 0;
};

}  // namespace cartrelay::base
