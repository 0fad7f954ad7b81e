#pragma once

#include <string>
#include <string_view>

namespace cartrelay::dispatch {

/// Puts `instead` in the place of `secret` wherever it stands in `text`, however it is written there: as it
/// is, or with any of its characters as JSON (`\/`, `\u002f`), a URL (`%2F`, `+` for a space) or HTML
/// (`&amp;`, `&#47;`) have them, also when that was done more than once. A text that was cut may end within a
/// secret: then its beginning goes too, if it is long enough to tell something. Pure.
void replace_written(std::string& text, std::string_view secret, std::string_view instead);

}  // namespace cartrelay::dispatch
