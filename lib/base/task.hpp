#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cartrelay::base {

/// The one executor of the house: concrete, so that nothing on the hot path is type-erased.
using executor = boost::asio::io_context::executor_type;

/// A coroutine that runs on one I/O thread.
template <class T = void>
using task = boost::asio::awaitable<T, executor>;

/// Completion tokens. `use_task` throws system_error on failure; `as_result` yields a tuple (error_code,
/// values…) and never throws for I/O errors.
inline constexpr boost::asio::use_awaitable_t<executor> use_task{};
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<executor>> as_result{use_task};

}  // namespace cartrelay::base
