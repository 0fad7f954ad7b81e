#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

#include <cstdint>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

namespace cartrelay::sandbox {

/// A request that arrived, and what it was answered.
struct arrival {
  std::uint64_t number = 0;  ///< 1, 2, 3… in the order of arrival; never reused, not even by a reset
  base::timestamp at;
  std::string vendor;  ///< empty: no vendor's path
  std::string instance;
  std::string method;
  std::string target;
  http::fields headers;  ///< credentials masked
  std::string body;
  int status = 0;           ///< 0: no answer went out
  std::uint64_t fault = 0;  ///< the fault that struck; 0: none
  std::vector<std::string> notes;
};

/// Which arrivals somebody wants to see.
struct arrival_filter {
  std::string vendor = {};    ///< empty: all
  std::string instance = {};  ///< meant only if `by_instance`
  bool by_instance = false;
  std::uint64_t after = 0;  ///< only numbers above

  [[nodiscard]] bool holds(const arrival& one) const;
};

/// The newest arrivals, and all of them as lines of a file if there is one. One thread.
class journal {
 public:
  /// Keeps at most so many, of at most so many bytes together, but always the last one.
  journal(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  /// False if the file cannot be opened for appending.
  [[nodiscard]] bool open(const std::string& path);
  /// Gives it its number and keeps it. The line is flushed when this returns.
  void add(arrival one);
  void forget();

  [[nodiscard]] std::size_t count(const arrival_filter& filter) const;
  /// Members of an object: `requests` (the first `limit` that the filter lets through), `last`, the newest
  /// number given, and `forgotten`, how many are no longer here.
  void write(base::json_writer& out, const arrival_filter& filter, std::size_t limit) const;

 private:
  void write_line(const arrival& one);

  std::size_t most_;
  std::size_t most_bytes_;
  std::deque<arrival> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  std::ofstream file_;
  bool file_failed_ = false;
};

/// The request as it may be kept: without the credentials in its headers, nor those in the body of a token
/// request.
[[nodiscard]] arrival record_of(const http::request& incoming, base::timestamp at);

}  // namespace cartrelay::sandbox
