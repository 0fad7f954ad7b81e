#pragma once

#include "base/task.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <chrono>

namespace cartrelay::base {

/// A steady timer on the house executor. A timer at time_point::max() serves as a condition variable between
/// coroutines of one thread: cancel() wakes.
using timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

}  // namespace cartrelay::base
