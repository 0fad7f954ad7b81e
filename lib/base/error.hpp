#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace cartrelay::base {

/// A failure as a value: what kind it is, and words for a person. `code` is comparable with the `errc` of the
/// module that made it.
struct error {
  boost::system::error_code code;
  std::string detail;  ///< one sentence, safe to log: no secrets, no personal data

  [[nodiscard]] std::string message() const;
};

/// An errno in words. Any thread.
[[nodiscard]] std::string system_message(int code);

/// What boost::system::result calls when a caller takes the value of a failure: a broken invariant, so it
/// throws.
[[noreturn]] void throw_exception_from_error(const error& failure, const boost::source_location& where);

template <class T>
using result = boost::system::result<T, error>;

}  // namespace cartrelay::base
