#pragma once

#include <boost/assert/source_location.hpp>

#include <string>
#include <vector>

namespace cartrelay::config {

/// One thing that is wrong with a configuration file.
struct fault {
  std::string file;
  unsigned line = 0;  ///< from 1; 0: the file as a whole
  std::string key;    ///< `destinations[1].retry.max`, counted from 0; empty: the file as a whole
  std::string words;  ///< what was found and what was expected; no secrets

  [[nodiscard]] std::string message() const;  ///< `config.toml:12: queue.max_size: …`

  friend bool operator==(const fault&, const fault&) = default;
};

/// What boost::system::result calls when the value of a refused file is taken: a broken invariant.
[[noreturn]] void throw_exception_from_error(const std::vector<fault>& found,
                                             const boost::source_location& where);

}  // namespace cartrelay::config
