#include "config/table_reader.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "config/deep_key.hpp"
#include "config/token.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace cartrelay::config {
namespace {

std::string_view kind_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with a point";
    case toml::node_type::boolean:
      return "a boolean";
    default:
      return "a date or time";
  }
}

struct source_kind {
  std::string_view key;
  base::secret_source::kind kind;
};
constexpr std::array<source_kind, 3> source_kinds{{{"file", base::secret_source::kind::file},
                                                   {"env", base::secret_source::kind::environment},
                                                   {"credential", base::secret_source::kind::credential}}};

std::optional<std::string_view> nearest_source(std::string_view key) {
  std::array<std::string_view, source_kinds.size()> known;
  std::ranges::transform(source_kinds, known.begin(), &source_kind::key);
  return base::nearest(key, known);
}

std::string unknown_key(std::string_view meant) {
  return fmt::format("unknown key, did you mean \"{}\"?", meant);
}

/// The system would take what stands before it.
constexpr std::string_view nul_words = "holds a NUL, which ends a name";

bool has_nul(std::string_view name) {
  return name.find('\0') != std::string_view::npos;
}

}  // namespace

std::optional<toml::table> parse_toml(std::string_view text, fault_list& faults) {
  if (const auto line = line_of_deep_key(text)) {
    faults.found.push_back(
        {faults.file, *line, "", fmt::format("more than {} dots in a key", most_dots_in_a_key)});
    return std::nullopt;
  }
  try {
    return toml::parse(text, faults.file);
  } catch (const toml::parse_error& broken) {
    faults.found.push_back({faults.file, broken.source().begin.line, "", std::string(broken.description())});
    return std::nullopt;
  }
}

table_reader::table_reader(const toml::table* table, std::string path, fault_list& faults)
    : table_(table), path_(std::move(path)), faults_(faults) {}

const toml::node* table_reader::find(std::string_view key) {
  known_.emplace(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

bool table_reader::has(std::string_view key) const {
  return table_ != nullptr && table_->contains(key);
}

void table_reader::fail(std::string_view key, std::string words) {
  fail_at(nearest_to(key), key, std::move(words));
}

void table_reader::warn(std::string_view key, std::string words) {
  faults_.warnings.push_back(fault_at(nearest_to(key), key, std::move(words)));
}

const toml::node* table_reader::nearest_to(std::string_view key) const {
  const toml::node* node = table_ == nullptr || key.empty() ? nullptr : table_->get(key);
  return node == nullptr ? table_ : node;
}

void table_reader::fail_at(const toml::node* node, std::string_view key, std::string words) {
  faults_.found.push_back(fault_at(node, key, std::move(words)));
}

fault table_reader::fault_at(const toml::node* node, std::string_view key, std::string words) const {
  const auto line = node == nullptr ? 0u : node->source().begin.line;
  return {faults_.file, line, name_of(key), std::move(words)};
}

std::string table_reader::name_of(std::string_view key) const {
  if (key.empty() || path_.empty()) return path_ + std::string(key);
  return fmt::format("{}.{}", path_, key);
}

bool table_reader::has_fault(std::string_view key) const {
  const auto name = name_of(key);
  return std::any_of(faults_.found.begin(), faults_.found.end(), [&](const fault& each) {
    if (!each.key.starts_with(name)) return false;
    return each.key.size() == name.size() || each.key[name.size()] == '.' || each.key[name.size()] == '[';
  });
}

void table_reader::mismatch(std::string_view key, const toml::node& found, std::string_view expected) {
  fail(key, fmt::format("expected {}, found {}", expected, kind_name(found)));
}

void table_reader::read(std::string_view key, bool& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<bool>())
    target = *value;
  else
    mismatch(key, *node, "true or false");
}

void table_reader::read(std::string_view key, std::string& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<std::string>())
    target = *value;
  else
    mismatch(key, *node, "a string");
}

void table_reader::read(std::string_view key, std::vector<std::string>& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) return mismatch(key, *node, "an array of strings");
  const auto other = std::ranges::find_if(*array, [](const toml::node& each) { return !each.is_string(); });
  if (other != array->end())
    return fail(key, fmt::format("expected an array of strings, found {} in it", kind_name(*other)));
  target.clear();
  for (const auto& each : *array)
    target.push_back(each.value_exact<std::string>().value());
}

void table_reader::read(std::string_view key, double& target, double least) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (!node->is_number()) return mismatch(key, *node, "a number");
  // toml++ makes no double of an integer that a double cannot hold exactly.
  const auto* whole = node->as_integer();
  const double value =
      whole != nullptr ? static_cast<double>(whole->get()) : node->as_floating_point()->get();
  if (!(value >= least && value <= 1e9)) {
    const auto given = whole != nullptr ? fmt::to_string(whole->get()) : fmt::to_string(value);
    return fail(key, fmt::format("{} is out of range: expected {} to 1e9", given, least));
  }
  target = value;
}

void table_reader::read(std::string_view key, std::int64_t& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (const auto value = node->value_exact<std::int64_t>())
    target = *value;
  else
    mismatch(key, *node, "an integer");
}

void table_reader::read_count(std::string_view key, std::size_t& target, std::size_t least,
                              std::size_t most) {
  auto value = static_cast<std::int64_t>(target);
  read(key, value);
  if (value < static_cast<std::int64_t>(least) || value > static_cast<std::int64_t>(most))
    return fail(key, fmt::format("{} is out of range: expected {} to {}", value, least, most));
  target = static_cast<std::size_t>(value);
}

void table_reader::read_size(std::string_view key, std::uint64_t& target, std::uint64_t least,
                             std::uint64_t most) {
  const auto* node = find(key);
  if (node == nullptr) return;
  std::optional<std::uint64_t> size;
  if (const auto text = node->value_exact<std::string>()) size = base::parse_size(*text);
  if (const auto bytes = node->value_exact<std::int64_t>(); bytes && *bytes >= 0)
    size = static_cast<std::uint64_t>(*bytes);
  if (!size)
    return fail(key,
                "expected a size such as \"512KiB\", \"1MiB\" or \"10GiB\": the units are KiB, MiB and GiB");
  if (*size < least)
    return fail(
        key, fmt::format("{} is too small: at least {}", base::format_size(*size), base::format_size(least)));
  if (*size > most)
    return fail(
        key, fmt::format("{} is too large: at most {}", base::format_size(*size), base::format_size(most)));
  target = *size;
}

void table_reader::read_duration(std::string_view key, std::chrono::milliseconds& target,
                                 std::chrono::milliseconds least) {
  const auto* node = find(key);
  if (node == nullptr) return;
  std::optional<std::chrono::milliseconds> span;
  if (const auto text = node->value_exact<std::string>()) span = base::parse_duration(*text);
  if (!span)
    return fail(key,
                "expected a duration such as \"250ms\", \"30s\", \"10m\", \"72h\" or \"7d\", at most 3650d");
  if (*span < least)
    return fail(key, fmt::format("{} is too short: at least {}", base::format_duration(*span),
                                 base::format_duration(least)));
  target = *span;
}

void table_reader::read_choice(std::string_view key, const std::vector<std::string_view>& names,
                               std::size_t& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto word = node->value_exact<std::string>();
  if (!word) return mismatch(key, *node, "a string");
  const auto found = std::ranges::find(names, *word);
  if (found == names.end())
    return fail(key, fmt::format("\"{}\" is none of: {}", *word, fmt::join(names, ", ")));
  target = static_cast<std::size_t>(found - names.begin());
}

void table_reader::read_source(std::string_view key, const toml::node& node, base::secret& target) {
  constexpr std::string_view form =
      R"({ file = "…" }, { env = "…" } or { credential = "…" }; a secret never stands in the file itself)";
  const auto* table = node.as_table();
  if (table == nullptr || table->size() != 1) return fail_at(&node, key, fmt::format("expected {}", form));
  const auto written = table->begin()->first.str();
  if (const auto meant = nearest_source(written); meant && *meant != written)
    return fail_at(&node, fmt::format("{}.{}", key, written), unknown_key(*meant));
  base::secret_source source;
  for (const auto& kind : source_kinds)
    if (const auto name = (*table)[kind.key].value_exact<std::string>()) source = {kind.kind, *name};
  if (source.from == base::secret_source::kind::none)
    return fail_at(&node, key, fmt::format("expected {}", form));
  if (has_nul(source.name)) return fail_at(&node, key, std::string(nul_words));
  if (source.name.empty()) return fail_at(&node, fmt::format("{}.{}", key, written), "is empty");
  auto value = base::read_secret(source);
  if (value)
    target = std::move(*value);
  else
    fail_at(&node, key, value.error().message());
}

void table_reader::read_secret(std::string_view key, base::secret& target) {
  if (const auto* node = find(key)) read_source(key, *node, target);
}

void table_reader::read_tokens(std::string_view key, std::vector<base::secret>& target) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) return mismatch(key, *node, "an array of secrets");
  target.clear();
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto name = fmt::format("{}[{}]", key, i);
    auto& token = target.emplace_back();
    read_source(name, (*array)[i], token);
    const auto words = token_fault(token);
    if (!words) continue;
    token = base::secret();
    fail_at(&(*array)[i], name, std::string(*words));
  }
}

void table_reader::read_path(std::string_view key, std::string& target) {
  auto path = target;
  read(key, path);
  if (has_nul(path)) return fail(key, std::string(nul_words));
  target = std::move(path);
}

void table_reader::read_file(std::string_view key, std::string& target) {
  read_path(key, target);
  if (target.empty()) return;
  std::error_code unseen;  // a folder above it that may not be searched is no reason to throw
  if (!std::filesystem::is_regular_file(target, unseen) || !std::ifstream(target))
    fail(key, fmt::format("\"{}\" is no file that can be read", target));
}

void table_reader::read_file(std::string_view key, std::string& target, std::string& digest) {
  read_file(key, target);
  if (target.empty() || has_fault(key)) return;
  if (const auto content = base::read_file(target, largest_file))
    digest += base::to_hex(base::sha256(*content));
  else
    fail(key, fmt::format("cannot read {}: {}", target, content.error().message()));
}

table_reader table_reader::child(std::string_view key) {
  const auto* node = find(key);
  if (node != nullptr && !node->is_table()) mismatch(key, *node, "a table");
  return {node == nullptr ? nullptr : node->as_table(), name_of(key), faults_};
}

std::vector<table_reader> table_reader::children(std::string_view key) {
  std::vector<table_reader> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  const auto* array = node->as_array();
  if (array == nullptr ||
      !std::ranges::all_of(*array, [](const toml::node& each) { return each.is_table(); })) {
    mismatch(key, *node, fmt::format("an array of tables ([[{}]])", key));
    return out;
  }
  for (std::size_t i = 0; i < array->size(); ++i)
    out.emplace_back((*array)[i].as_table(), fmt::format("{}[{}]", name_of(key), i), faults_);
  return out;
}

void table_reader::finish() {
  if (table_ == nullptr) return;
  const std::vector<std::string_view> candidates(known_.begin(), known_.end());
  for (const auto& [key, node] : *table_) {
    if (known_.contains(key.str())) continue;
    const auto meant = base::nearest(key.str(), candidates);
    fail_at(&node, key.str().empty() ? R"("")" : key.str(),
            meant ? unknown_key(*meant)
                  : fmt::format("unknown key; known here: {}", fmt::join(candidates, ", ")));
  }
}

}  // namespace cartrelay::config
