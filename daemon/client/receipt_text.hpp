#pragma once

#include <boost/json/value.hpp>

#include <string>

/// Receipts and dead letters, as the daemon sends them, in words for a person.
namespace cartrelay::daemon {

/// One line and a line break: sequence, time, type, subject matter, and the state at each destination.
[[nodiscard]] std::string receipt_line(const boost::json::value& receipt);
/// One line and a line break: id, since when, reason, subject matter, and the detail.
[[nodiscard]] std::string dead_letter_line(const boost::json::value& letter);
/// The whole receipt: the event, then each destination with its attempts and the last answer.
[[nodiscard]] std::string receipt_text(const boost::json::value& receipt);
/// The whole dead letter: what became of the event, the last request as it was sent, and the event.
[[nodiscard]] std::string dead_letter_text(const boost::json::value& letter);

}  // namespace cartrelay::daemon
