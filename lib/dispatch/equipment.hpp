#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "destinations/destination.hpp"
#include "destinations/options.hpp"
#include "dispatch/masking.hpp"
#include "http/client.hpp"

#include <functional>
#include <memory>
#include <string>

namespace cartrelay::dispatch {

/// What destinations are made with. Tests put something else in the place of vendors.
struct factories {
  std::function<base::result<std::unique_ptr<destinations::destination>>(const destinations::options&)> kind;
  std::function<base::result<std::unique_ptr<http::client>>(base::executor, const http::client_options&)>
      wire;
};
/// The registered kinds and the real HTTP client.
[[nodiscard]] factories real_factories();

/// How requests to a destination travel.
[[nodiscard]] http::client_options wire_options(const destinations::options& given);

/// One destination's settings, and what was made of them.
struct equipment {
  destinations::options given;
  masking hide;
  std::string account;  ///< its mark
  std::unique_ptr<destinations::destination> kind;
  std::unique_ptr<http::client> wire;
};
[[nodiscard]] base::result<std::unique_ptr<equipment>> equip(const factories& with, base::executor where,
                                                             const destinations::options& given);

}  // namespace cartrelay::dispatch
