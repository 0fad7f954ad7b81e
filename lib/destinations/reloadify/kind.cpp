#include "destinations/reloadify/kind.hpp"

#include "destinations/reloadify/calls.hpp"
#include "destinations/reloadify/destination.hpp"
#include "destinations/settings.hpp"
#include "http/url.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::destinations {
namespace {

using event::event_type;

constexpr std::array can{event_type::cart_item_added, event_type::cart_item_removed, event_type::cart_updated,
                         event_type::cart_deleted, event_type::order_paid};

void check_languages(const options& given, setting_faults& found) {
  const auto& choices = setting<std::vector<std::string>>(given, "languages");
  const auto& language = setting<std::string>(given, "language");
  if (language.empty() && choices.empty()) found.add("language", "required, unless `languages` names some");
  if (!language.empty() && !reloadify::fits_path(language))
    found.add("language", "no URL can hold it as a part of its path");
  // A language that no event can name would be chosen by none, without a word.
  if (!std::ranges::all_of(choices, filter_options::is_possible_language))
    found.add("languages", "holds what is no language tag, such as \"bg\" or \"bg-BG\"");
}

bool has_client(const options& given) {
  return !setting<std::string>(given, "client_id").empty() ||
         !setting<base::secret>(given, "client_secret").empty();
}

void check_client(const options& given, setting_faults& found) {
  if (!given.secret.empty()) found.add("secret", "stands beside client_id; give one of the two");
  if (setting<std::string>(given, "client_id").empty()) found.add("client_id", "required");
  if (setting<base::secret>(given, "client_secret").empty()) found.add("client_secret", "required");
  const auto url = http::parse_url(setting<std::string>(given, "token_url"));
  if (!url) found.add("token_url", url.error().message());
}

reloadify::credentials tokens_of(const options& given) {
  if (!has_client(given)) return reloadify::credentials(given.secret);
  return reloadify::credentials(reloadify::oauth_client{setting<std::string>(given, "token_url"),
                                                        setting<std::string>(given, "client_id"),
                                                        setting<base::secret>(given, "client_secret")});
}

std::vector<std::string> other_urls(const options& given) {
  if (!has_client(given)) return {};
  return {setting<std::string>(given, "token_url")};
}

made_destination make(const options& given) {
  setting_faults found;
  check_url(given, found);
  (has_client(given) ? check_client : check_secret)(given, found);
  check_events(given, can, found);
  check_languages(given, found);
  if (!found.empty()) return found;
  reloadify::account where{given.url,
                           reloadify::languages(setting<std::string>(given, "language"),
                                                setting<std::vector<std::string>>(given, "languages")),
                           setting<bool>(given, "delete_cart_on_order_paid")};
  return std::make_unique<reloadify::cart_destination>(std::move(where), tokens_of(given));
}

options defaults() {
  options out;
  out.events.assign(can.begin(), can.end());
  out.url = "https://app.reloadify.com/api";
  return out;
}

std::vector<setting_description> own_settings() {
  using type = setting_description::type;
  return {
      {"language", type::text, false, std::string(),
       "the language whose carts these are, where an event does not name one of `languages`"},
      {"languages", type::text_list, false, std::vector<std::string>(),
       "languages that the shop has at Reloadify; an event's session or customer chooses among them"},
      {"client_id", type::text, false, std::string(), "the OAuth2 client, instead of `secret`"},
      {"client_secret", type::secret, false, base::secret(), "the OAuth2 client's secret"},
      {"token_url", type::text, false, std::string("https://app.reloadify.com/oauth/token"),
       "where OAuth2 tokens are issued"},
      {"delete_cart_on_order_paid", type::boolean, false, false,
       "delete the cart that a paid order came from, for good"},
  };
}

}  // namespace

const kind& reloadify_kind() {
  static const kind one{
      "reloadify", defaults(), kind::secret_need::unless_settings, own_settings(), &make, {},
      {},          &other_urls};
  return one;
}

}  // namespace cartrelay::destinations
