#include "config/client_view.hpp"

#include "config/sections.hpp"

#include <algorithm>

namespace cartrelay::config {
namespace {

void read_view(const toml::table& root, std::string_view section, fault_list& faults, client_view& target) {
  auto reader = table_reader(&root, "", faults).child(section);
  read_addresses(reader, target.listen);
  std::string certificate;
  reader.read("tls_certificate", certificate);
  target.tls = !certificate.empty();

  fault_list unreadable{faults.file};
  std::vector<base::secret> tokens;
  if (root[section].is_table())
    table_reader(&root, "", unreadable).child(section).read_tokens("tokens", tokens);
  const auto usable = std::ranges::find_if_not(tokens, &base::secret::empty);
  if (usable != tokens.end()) target.token = *usable;
  target.unreadable_tokens = std::move(unreadable.found);
}

}  // namespace

boost::system::result<client_view, std::vector<fault>> load_client_view(const std::string& path,
                                                                        std::string_view section) {
  return read_whole<client_view>(path, [&](const std::string& text) {
    fault_list faults{path};
    const auto initial = defaults();
    client_view out;
    out.listen = section == "ingest" ? initial.ingest.server.listen : initial.admin.server.listen;
    if (const auto root = parse_toml(text, faults)) read_view(*root, section, faults, out);
    if (!faults.found.empty()) return outcome<client_view>(faults.found);
    return outcome<client_view>(std::move(out));
  });
}

}  // namespace cartrelay::config
