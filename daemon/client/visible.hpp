#pragma once

#include <string>
#include <string_view>

namespace cartrelay::daemon {

/// Text (UTF-8) that somebody else wrote, fit for a terminal: what it would obey instead of showing it is
/// spelled as in JSON, `\u202e`: control characters but line breaks and tabs, and those that turn the
/// direction of the text around them (the Unicode property Bidi_Control). Pure.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace cartrelay::daemon
