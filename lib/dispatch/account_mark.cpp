#include "dispatch/account_mark.hpp"

#include "base/digest.hpp"

#include <variant>

namespace cartrelay::dispatch {
namespace {

std::string mark_of(const base::secret& all) {
  return base::to_hex(base::sha256(all.reveal())).substr(0, 8);
}

}  // namespace

std::string account_mark(const destinations::options& given) {
  base::secret all("cartrelay account mark\n" + given.name + '\n' + given.url + '\n' + given.secret.reveal());
  for (const auto& [name, value] : given.own) {
    const auto* secret = std::get_if<base::secret>(&value);
    const auto* text = std::get_if<std::string>(&value);
    if (secret != nullptr || text != nullptr)
      all = base::secret(all.reveal() + '\n' + name + '\n' + (secret != nullptr ? secret->reveal() : *text));
  }
  return mark_of(all);
}

std::string address_mark(const destinations::options& given) {
  return mark_of(base::secret("cartrelay address mark\n" + given.name + '\n' + given.url));
}

}  // namespace cartrelay::dispatch
