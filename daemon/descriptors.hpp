#pragma once

#include "config/configuration.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// The process's file descriptors, shared out before clients can take them: the queue and the vendors'
/// connections must find some whatever the clients do.
namespace cartrelay::daemon {

/// As many as this configuration may come to use.
[[nodiscard]] std::size_t descriptors_wanted(const config::configuration& settings);
/// Raises the soft limit towards `wanted`, as far as the hard one allows. The limit that holds now.
std::size_t raise_descriptor_limit(std::size_t wanted);
/// How many tables the queue may keep open for reading, if `limit` is all there is. Pure.
[[nodiscard]] std::size_t tables_within(const config::configuration& settings, std::size_t limit);
/// Lowers the destinations' concurrency where together they would take more than half of `limit`. One line
/// for the log about each that was lowered. Pure.
[[nodiscard]] std::vector<std::string> fit_concurrency(config::configuration& settings, std::size_t limit);
/// Lowers max_connections of the listeners to what `limit` leaves for clients. One line for the log about
/// each that was lowered. Pure.
[[nodiscard]] std::vector<std::string> fit_connections(config::configuration& settings, std::size_t limit);

}  // namespace cartrelay::daemon
