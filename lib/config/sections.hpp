#pragma once

#include "config/configuration.hpp"
#include "config/table_reader.hpp"

/// One function per section of the file: what it holds goes into `target`, what is wrong with it into the
/// reader's faults.
namespace cartrelay::config {

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
