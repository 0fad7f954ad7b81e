#include "destinations/reloadify/kind.hpp"

namespace cartrelay::destinations {
namespace {

options default_options() {
  using event::event_type;
  options out;
  out.kind = "reloadify";
  out.events = {event_type::cart_item_added, event_type::cart_item_removed, event_type::cart_updated,
                event_type::cart_deleted, event_type::order_paid};
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
      {"client_id", type::text, false, std::string(), "OAuth2 client, instead of `secret`"},
      {"client_secret", type::secret, false, base::secret(), "the OAuth2 client's secret"},
      {"token_url", type::text, false, std::string("https://app.reloadify.com/oauth/token"),
       "where OAuth2 tokens are issued"},
      {"delete_cart_on_order_paid", type::boolean, false, false,
       "delete the cart that a paid order came from"},
  };
}

}  // namespace

const kind& reloadify_kind() {
  static const kind description{"reloadify", default_options(), kind::secret_need::unless_settings,
                                own_settings(), nullptr};
  return description;
}

}  // namespace cartrelay::destinations
