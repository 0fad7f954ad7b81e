#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::daemon {

/// Before what cannot be undone, unless it was said to go on (`--yes`): a person at the terminal is told what
/// is at stake (`12 dead letters of rokt will be discarded`) and has to type "yes"; a script has to say
/// --yes. How the command ends if it may not go on; `done` (`discarded`) says what was not.
[[nodiscard]] std::optional<int> refused(const std::string& stakes, std::string_view done);

}  // namespace cartrelay::daemon
