#pragma once

#include "base/file.hpp"
#include "config/configuration.hpp"
#include "config/fault.hpp"
#include "config/table_reader.hpp"

#include <boost/system/result.hpp>

#include <exception>
#include <string>
#include <vector>

/// One function per section of the file: what it holds goes into `target`, what is wrong with it into the
/// reader's faults.
namespace cartrelay::config {

template <class T>
using outcome = boost::system::result<T, std::vector<fault>>;

/// What `read` makes of the file's text. Whatever is wrong with the file is a fault: a running daemon reads
/// it too, and must not be ended by it.
template <class T, class Read>
[[nodiscard]] outcome<T> read_whole(const std::string& path, Read read) {
  const auto text = base::read_file(path, largest_file);
  if (!text) return std::vector<fault>{{path, 0, "", "cannot be read: " + text.error().message()}};
  try {
    return read(*text);
  } catch (const std::exception& broken) {
    return std::vector<fault>{{path, 0, "", broken.what()}};
  }
}

/// `listen`: at least one address, each of which can be one.
void read_addresses(table_reader& section, std::vector<std::string>& target);
/// [ingest] and [admin] have these in common: addresses, tokens, TLS, limits, deadlines.
void read_listener(table_reader& section, http::server_options& server, std::vector<base::secret>& tokens,
                   bool& allow_plaintext);
/// No address of `mine` may be one that `others`, those of the section `name`, take already.
void check_apart(table_reader& section, const std::vector<std::string>& mine, std::string_view name,
                 const std::vector<std::string>& others);
void read_ingest(table_reader section, ingest::options& target);
void read_admin(table_reader section, admin::options& target);
/// [[destinations]], names and kinds checked against each other and the registry.
void read_destinations(std::vector<table_reader> sections, std::vector<destinations::options>& target);

}  // namespace cartrelay::config
