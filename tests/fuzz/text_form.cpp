#include "base/base64.hpp"
#include "base/decimal.hpp"
#include "base/media_type.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "event/syntax.hpp"
#include "http/address.hpp"
#include "http/message.hpp"
#include "http/request_text.hpp"
#include "http/url.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <array>

namespace cartrelay::fuzz {
namespace {

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
}

void amounts(std::string_view text) {
  const auto money = base::decimal::parse(text);
  if (money) {
    require(money->text() == text, "an amount goes out as it came", text);
    require(is_json(money->text()), "an amount is a JSON number", text);
    require(money->ten_thousandths() >= 0, "an amount is not negative", text);
  }
  const auto number = base::number::parse(text);
  require(!money || number, "every amount is a number", text);
  if (!number) return;
  require(number->text() == text, "a number goes out as it came", text);
  const auto plain = number->plain(), canonical = number->canonical();
  require(plain == text || plain.find_first_of("eE") == std::string::npos, "no exponent that is new", plain);
  require(plain.size() <= base::number::longest_plain && canonical.size() <= base::number::longest_plain,
          "no number grows beyond bounds", plain);
  require(is_json(plain) && is_json(canonical), "a number in every form", plain);
  require(!number->is_positive() || (canonical != "0" && canonical.front() != '-'), "more than zero",
          canonical);
  const auto again = base::number::parse(canonical);
  if (again)
    require(again->canonical() == canonical && *again == *number, "one text for one value", canonical);
  const auto product = base::multiply(*base::decimal::parse("89.95"), *number);
  require(is_json(product) && product.find_first_of("eE") == std::string::npos, "a product is a number",
          product);
}

void times(std::string_view text) {
  if (const auto at = base::parse_rfc3339(text)) {
    const auto written = base::format_rfc3339_millis(*at);
    const auto back = base::parse_rfc3339(written);
    require(back && *back == std::chrono::floor<std::chrono::milliseconds>(*at),
            "a time comes back to the millisecond", written);
  }
  if (const auto at = base::parse_http_date(text)) {
    const auto written = base::format_http_date(*at);
    require(base::parse_http_date(written) == at, "a date comes back", written);
  }
  if (const auto span = base::parse_duration(text)) {
    require(span->count() >= 0, "no negative spans", text);
    require(base::parse_duration(base::format_duration(*span)) == span, "a span comes back", text);
  }
  if (const auto size = base::parse_size(text))
    require(base::parse_size(base::format_size(*size)) == size, "a size comes back", text);
}

void encodings(std::string_view text) {
  const auto encoded = base::percent_encode(text);
  require(is_printable(encoded) && encoded.find_first_of("/?#&=") == std::string::npos, "safe in a path",
          encoded);
  require(encoded != "." && encoded != "..", "no way up", encoded);
  require(base::percent_decode(encoded) == text, "decoded as it was encoded", encoded);
  static_cast<void>(base::percent_decode(text));
  if (const auto pairs = http::parse_query(text)) {
    std::string query;
    for (const auto& [name, value] : *pairs)
      query.append(base::percent_encode(name)).append("=").append(base::percent_encode(value)).append("&");
    require(http::parse_query(query) == pairs, "a query comes back", query);
  }
  require(base::base64_encode(text).size() == (text.size() + 2) / 3 * 4, "four characters for three bytes");
  require(base::equals_ignoring_case(text, base::to_lower(text)), "case does not count", text);
  const auto trimmed = base::trim(text);
  require(base::trim(trimmed) == trimmed, "trimmed once is trimmed", text);
  constexpr std::array<std::string_view, 3> words{"path", "max_size", "retention"};
  const auto near = base::nearest(text, words);
  require(!near || std::ranges::find(words, *near) != words.end(), "one of the words");
}

void urls(std::string_view text) {
  if (const auto where = http::parse_url(text)) {
    require(is_printable(where->host) && is_printable(where->path), "a URL's parts are printable", text);
    require(http::is_origin_form(where->path), "a path", where->path);
    const auto whole = where->origin() + where->path;
    const auto back = http::parse_url(whole);
    require(back.has_value(), "a URL that is put together again is one", whole);
    require(back->host == where->host && back->port == where->port && back->path == where->path &&
                back->tls == where->tls,
            "and the same", whole);
    http::request get;
    get.method = "GET";
    get.target = text;
    const auto written = http::write_request(get, host_field(*where), where->path);
    require(written.has_value(), "a URL can be asked for", text);
    const auto line_end = written->find("\r\n");
    require(std::count(written->begin(), written->begin() + static_cast<std::ptrdiff_t>(line_end), ' ') == 2,
            "a request line has three words", *written);
  }
  if (const auto proxy = http::parse_proxy(text))
    require(!proxy->host.empty() && is_printable(proxy->host), "a proxy has a host", text);
  if (const auto address = http::parse_listen_address(text)) {
    require(address->is_unix() || is_printable(address->host), "an address is printable", text);
    require(!address->is_unix() || address->loopback, "a Unix socket is of this machine", text);
  }
}

void words(std::string_view text) {
  require(base::utf8_characters(text) <= text.size(), "no more characters than bytes");
  if (event::syntax::is_currency(text)) require(text.size() == 3, "three letters", text);
  if (event::syntax::is_phone(text))
    require(text.front() == '+' && is_printable(text), "a phone number", text);
  if (event::syntax::is_language(text)) require(text.size() >= 2 && is_printable(text), "a language", text);
  if (event::syntax::is_uri_reference(text)) require(is_printable(text), "a reference is printable", text);
  if (event::syntax::is_attribute_name(text))
    require(text.size() <= 20, "an attribute's name is short", text);
  static_cast<void>(base::is_json_media_type(text));
  if (http::is_valid_field_value(text))
    require(text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos, "no line break",
            text);
}

}  // namespace

void text_form(std::string_view bytes) {
  amounts(bytes);
  times(bytes);
  encodings(bytes);
  urls(bytes);
  words(bytes);
}

}  // namespace cartrelay::fuzz
