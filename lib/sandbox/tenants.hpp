#pragma once

#include "sandbox/options.hpp"
#include "sandbox/vendor.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cartrelay::sandbox {

/// One account at one vendor, with exact counters since the last reset.
struct tenant {
  std::string vendor_name;
  std::string instance;  ///< empty: the one without `/i/…`
  account settings;
  std::unique_ptr<vendor> desk;
  std::uint64_t requests = 0, noted = 0, faulted = 0;
  std::map<int, std::uint64_t> answers;  ///< by status; 0: no answer
};

/// All accounts. They come into being when they are first asked for. One thread.
class tenants {
 public:
  static constexpr std::size_t most = 1'000;

  /// `settings` outlives this.
  explicit tenants(const options& settings) : settings_(settings) {}

  /// Nothing if the vendor or the instance's name is not possible, or there are too many.
  [[nodiscard]] tenant* at(std::string_view vendor_name, std::string_view instance);
  void clear() { all_.clear(); }
  /// An array of what the filters let through: counters and, if wanted, everything remembered.
  void write(base::json_writer& out, std::string_view vendor_name, const std::string* instance,
             bool whole) const;

 private:
  const options& settings_;
  std::map<std::pair<std::string, std::string>, tenant> all_;
};

}  // namespace cartrelay::sandbox
