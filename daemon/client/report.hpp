#pragma once

#include "daemon/client/daemon_client.hpp"

#include <boost/json/value.hpp>

#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

/// From what the daemon answered to what a command prints, and how it ends.
namespace cartrelay::daemon {

/// 2xx.
[[nodiscard]] bool succeeded(const base::result<daemon_client::answer>& came);
/// Of what is no success: whether nothing was stored, because the daemon says so or got nothing.
[[nodiscard]] bool stored_nothing(const base::result<daemon_client::answer>& refusal);

/// The answer's problem (or the failure), every entry with its place: a pointer, and where several events
/// were sent the event's index, or its line if `lines` has the line of each event in the input. Pure.
[[nodiscard]] std::string failure_text(const base::result<daemon_client::answer>& came,
                                       std::span<const std::size_t> lines = {});
/// Prints that to stderr. Always returns exit_failure.
int report(const base::result<daemon_client::answer>& came, std::span<const std::size_t> lines = {});

/// Throws if the text is no JSON.
[[nodiscard]] boost::json::value parse_answer(std::string_view body);
/// That somebody else than a daemon of ours answered.
[[nodiscard]] base::error not_ours(const daemon_client::answer& came);

/// What `read` makes of a successful answer. It may take for granted that members are there and of their
/// types: an answer where they are not is a failure that says who answered.
template <class Read>
[[nodiscard]] auto read_answer(const daemon_client::answer& came, Read read)
    -> base::result<std::invoke_result_t<Read, const boost::json::value&>> {
  try {
    return read(parse_answer(came.body));
  } catch (const std::exception&) {
    return not_ours(came);
  }
}

using answer_text = std::function<std::string(const boost::json::value&)>;
/// Prints a successful answer: `text` of it, or as it came if `as_json`; an empty text means that nothing was
/// found, and stderr says so. Reports any other answer. Returns how the command ends.
int show(const base::result<daemon_client::answer>& came, bool as_json, const answer_text& text);

}  // namespace cartrelay::daemon
