#pragma once

#include <string>

namespace cartrelay::http {

/// The wall clock as the field `Date` has it (RFC 9110, 6.6.1). Written anew once a second and thread; valid
/// until the thread's next call.
[[nodiscard]] const std::string& current_date();

}  // namespace cartrelay::http
