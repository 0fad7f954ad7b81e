#include "dispatch/credential_mark.hpp"

#include "base/digest.hpp"

#include <variant>

namespace cartrelay::dispatch {

std::string credential_mark(const destinations::options& given) {
  base::secret all("cartrelay credential mark\n" + given.name + '\n' + given.secret.reveal());
  for (const auto& [name, value] : given.own)
    if (const auto* secret = std::get_if<base::secret>(&value))
      all = base::secret(all.reveal() + '\n' + name + '\n' + secret->reveal());
  return base::to_hex(base::sha256(all.reveal())).substr(0, 8);
}

}  // namespace cartrelay::dispatch
