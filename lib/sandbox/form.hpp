#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cartrelay::sandbox {

/// How a string or a number must be written, and the words that say so.
struct form {
  bool (*holds)(std::string_view text);
  std::string_view words;
};

namespace forms {
extern const form anything;
extern const form not_empty;
extern const form email;          ///< something, one @, something, without blanks
extern const form plus_phone;     ///< `+49875345976`
extern const form digits;         ///< `49875345976`
extern const form currency;       ///< three capitals
extern const form web_address;    ///< http or https with a host
extern const form language;       ///< `en`, `pt-BR`
extern const form locale_list;    ///< an Accept-Language value
extern const form token_text;     ///< letters, digits, `-`
extern const form date;           ///< `2026-11-21`
extern const form date_time;      ///< RFC 3339 with an offset
extern const form utc_millis;     ///< `2026-11-21T10:00:00.000Z`, exactly so
extern const form local_seconds;  ///< `2026-11-21T10:00:00`, exactly so
extern const form amount;         ///< money as an event has it: plain decimal, no sign, no exponent
extern const form decimal;        ///< the same with any number of digits, such as an exact product has
extern const form quantity;       ///< digits only, above zero
extern const form measure;        ///< such a decimal above zero
extern const form whole;          ///< an integer with at most a minus
extern const form plain_number;   ///< any number without an exponent
extern const form zero_or_one;
}  // namespace forms

[[nodiscard]] bool is_uuid(std::string_view text) noexcept;
[[nodiscard]] bool is_sha256_hex(std::string_view text) noexcept;
/// RFC 4648 with padding; nothing if malformed.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace cartrelay::sandbox
