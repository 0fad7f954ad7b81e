#include "base/text.hpp"
#include "config/load.hpp"
#include "destinations/registry.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <cstdlib>

namespace cartrelay::fuzz {
namespace {

constexpr const char* secret_variable = "FUZZ_SECRET";
constexpr std::string_view secret_value = "kept-to-itself";
const std::string file = "fuzzed.toml";

/// A file that an input names is read, and some never end.
bool names_a_file(std::string_view text) {
  return text.find("file") != std::string_view::npos || text.find("credential") != std::string_view::npos ||
         text.find("tls_") != std::string_view::npos;
}

void check_faults(const std::vector<config::fault>& found, std::string_view text) {
  require(!found.empty(), "refused for a reason");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  for (const auto& each : found) {
    require(each.file == file, "a fault names the file", each.file);
    require(!each.words.empty(), "a fault has words", each.key);
    // The parser counts the end of the text as a line of its own.
    require(each.line <= lines + 1, "a fault names a line of the file", each.message());
    require(each.message().find(secret_value) == std::string::npos, "no secret in a message", each.message());
    require(each.message().starts_with(file), "a message begins with the file", each.message());
  }
  require(std::ranges::is_sorted(found, {}, &config::fault::line), "faults come in the order of their lines");
}

/// What was read makes sense to those who take it from there.
void check_options(const config::configuration& read) {
  require(!read.queue.path.empty(), "the queue has a folder");
  require(read.shutdown_drain.count() >= 0, "no negative spans");
  for (const auto& each : read.destinations) {
    const auto* kind = destinations::find_kind(each.kind);
    require(kind != nullptr, "a destination is of a kind that there is", each.kind);
    require(!each.name.empty() && each.name.size() <= 40, "a destination has a name", each.name);
    require(each.batch.max_events > 0 && each.concurrency > 0, "nothing is of size zero that must not be",
            each.name);
    for (const auto& described : kind->settings)
      require(each.own.contains(std::string(described.name)), "every setting of the kind has a value",
              described.name);
    const auto made = kind->make(each);
    require(made.has_value() || !made.error().message().empty(), "an instance, or why there is none");
  }
}

}  // namespace

void configuration(std::string_view bytes) {
  static const int set = ::setenv(secret_variable, std::string(secret_value).c_str(), 1);
  require(set == 0, "the variable can be set");
  // A fuzzer sees what is searched for; a file that holds the secret itself shows nothing.
  if (names_a_file(bytes) || bytes.find(secret_value) != std::string_view::npos) return;
  const auto read = config::parse(bytes, file);
  const auto again = config::parse(bytes, file);
  require(read.has_value() == again.has_value(), "the same text, the same outcome");
  if (!read) return check_faults(read.error(), bytes);
  require(*read == *again, "the same text, the same options");
  check_options(*read);
}

}  // namespace cartrelay::fuzz
