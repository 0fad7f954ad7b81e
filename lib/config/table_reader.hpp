#pragma once

#include "base/secret.hpp"
#include "config/fault.hpp"

#include <toml++/toml.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::config {

/// Of a configuration, or a PEM file that it names: what is larger is another file, named by mistake.
inline constexpr std::size_t largest_file = 16 << 20;

/// Where the faults of one file gather.
struct fault_list {
  std::string file;
  std::vector<fault> found = {};
  std::vector<fault> warnings = {};  ///< see configuration
};

/// The text of the file that `faults` is of. Nothing if it is no TOML, which is one fault more.
[[nodiscard]] std::optional<toml::table> parse_toml(std::string_view text, fault_list& faults);

/// A TOML table that is read member by member. Each read leaves its target alone when the key is absent, and
/// notes a fault when the value is of the wrong kind or out of its range. finish() notes every key that was
/// never asked for, with the nearest one that was.
class table_reader {
 public:
  /// `path` is how messages name the table (`queue`, `destinations[0]`; empty for the root). A null table is
  /// an empty one.
  table_reader(const toml::table* table, std::string path, fault_list& faults);

  void read(std::string_view key, bool& target);
  void read(std::string_view key, std::string& target);
  void read(std::string_view key, std::vector<std::string>& target);
  void read(std::string_view key, double& target, double least);
  void read(std::string_view key, std::int64_t& target);
  void read_count(std::string_view key, std::size_t& target, std::size_t least, std::size_t most);
  void read_size(std::string_view key, std::uint64_t& target, std::uint64_t least,
                 std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
  void read_duration(std::string_view key, std::chrono::milliseconds& target,
                     std::chrono::milliseconds least);
  /// One of `names`; `target` becomes its index.
  void read_choice(std::string_view key, const std::vector<std::string_view>& names, std::size_t& target);
  /// A path, whatever is there.
  void read_path(std::string_view key, std::string& target);
  /// The path of a file that can be read; empty: none.
  void read_file(std::string_view key, std::string& target);
  /// Adds to `digest` what tells this content of the file from another: a file renewed in place is a change.
  void read_file(std::string_view key, std::string& target, std::string& digest);
  void read_secret(std::string_view key, base::secret& target);
  /// Secrets that clients send in a header field; one that cannot be used is empty.
  void read_tokens(std::string_view key, std::vector<base::secret>& target);

  [[nodiscard]] bool has(std::string_view key) const;
  /// Whether something is wrong at this key, or within it.
  [[nodiscard]] bool has_fault(std::string_view key) const;
  /// A table inside this one; absent reads as empty.
  [[nodiscard]] table_reader child(std::string_view key);
  /// The tables of an array of tables, with their paths.
  [[nodiscard]] std::vector<table_reader> children(std::string_view key);

  /// A fault at a key of this table (at the table itself if it is not there).
  void fail(std::string_view key, std::string words);
  void warn(std::string_view key, std::string words);
  [[nodiscard]] std::size_t fault_count() const noexcept { return faults_.found.size(); }
  void finish();

 private:
  [[nodiscard]] const toml::node* find(std::string_view key);
  [[nodiscard]] std::string name_of(std::string_view key) const;
  void fail_at(const toml::node* node, std::string_view key, std::string words);
  [[nodiscard]] fault fault_at(const toml::node* node, std::string_view key, std::string words) const;
  [[nodiscard]] const toml::node* nearest_to(std::string_view key) const;
  void mismatch(std::string_view key, const toml::node& found, std::string_view expected);
  void read_source(std::string_view key, const toml::node& node, base::secret& target);

  const toml::table* table_;
  std::string path_;
  fault_list& faults_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace cartrelay::config
