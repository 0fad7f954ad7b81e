#include "sandbox/vendor.hpp"

#include "base/media_type.hpp"
#include "base/text.hpp"
#include "sandbox/elevate.hpp"
#include "sandbox/esputnik.hpp"
#include "sandbox/releva.hpp"
#include "sandbox/reloadify.hpp"
#include "sandbox/rokt.hpp"

#include <algorithm>

namespace cartrelay::sandbox {

bool is_vendor(std::string_view name) {
  return std::find(std::begin(vendor_names), std::end(vendor_names), name) != std::end(vendor_names);
}

std::unique_ptr<vendor> make_vendor(std::string_view name, std::size_t remembered) {
  if (name == "releva") return std::make_unique<releva>(remembered);
  if (name == "reloadify") return std::make_unique<reloadify>(remembered);
  if (name == "elevate") return std::make_unique<elevate>(remembered);
  if (name == "esputnik") return std::make_unique<esputnik>(remembered);
  if (name == "rokt") return std::make_unique<rokt>(remembered);
  return nullptr;
}

bool is_json(const http::request& request) {
  const auto type = request.headers.find("content-type");
  return type && base::is_json_media_type(*type);
}

std::optional<std::string_view> credential(const http::request& request, std::string_view scheme) {
  const auto header = request.headers.find("authorization");
  if (!header || header->size() <= scheme.size() || (*header)[scheme.size()] != ' ') return std::nullopt;
  if (!base::equals_ignoring_case(header->substr(0, scheme.size()), scheme)) return std::nullopt;
  return header->substr(scheme.size() + 1);
}

bool accepts(const account& settings, std::string_view offered) {
  return settings.secret.empty() ? !offered.empty() : offered == settings.secret;
}

bool path_is(const call& incoming, std::initializer_list<std::string_view> segments) {
  return std::equal(incoming.path.begin(), incoming.path.end(), segments.begin(), segments.end());
}

http::response no_content() {
  http::response done;
  done.status = 204;
  return done;
}

http::response message_refusal(int status, std::string_view words) {
  std::string body;
  base::json_writer(body).begin_object().member("message", words).end_object();
  return http::json_response(status, std::move(body));
}

http::response with_allow(http::response refused, std::string_view methods) {
  refused.headers.set("Allow", std::string(methods));
  return refused;
}

}  // namespace cartrelay::sandbox
