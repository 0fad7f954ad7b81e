#pragma once

#include <boost/assert/source_location.hpp>

#include <string>
#include <vector>

namespace cartrelay::destinations {

/// A setting that a kind cannot work with, and why; no secrets.
struct setting_fault {
  std::string setting, detail;
};

/// All that keeps a destination from being made.
class setting_faults {
 public:
  void add(std::string setting, std::string detail);

  [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
  [[nodiscard]] const std::vector<setting_fault>& found() const noexcept { return found_; }
  [[nodiscard]] std::string message() const;  ///< `url: …; secret: …`

 private:
  std::vector<setting_fault> found_;
};

/// What boost::system::result calls when a destination is taken that was not made: a broken invariant.
[[noreturn]] void throw_exception_from_error(const setting_faults& found,
                                             const boost::source_location& where);

}  // namespace cartrelay::destinations
