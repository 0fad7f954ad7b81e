#pragma once

#include <string>

namespace cartrelay::base {

/// As the calling thread is listed by top, ps and debuggers; 15 bytes are kept.
void name_this_thread(const std::string& name);

/// For threads that do what nobody waits for: where the processors do not suffice for all, the calling thread
/// gets a tenth of what another gets that does not step back, and makes way soon for one that wakes up. It
/// goes on as if nothing was asked where the system refuses, or knows no such wish.
void step_back() noexcept;

}  // namespace cartrelay::base
