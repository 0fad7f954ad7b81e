#include "tests/fuzz/reference.hpp"

#include "base/text.hpp"

#include <charconv>

namespace cartrelay::fuzz {
namespace {

std::optional<std::string_view> take_until(std::string_view& from, std::string_view end) {
  const auto at = from.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto out = from.substr(0, at);
  from.remove_prefix(at + end.size());
  return out;
}

std::optional<std::string_view> take_bytes(std::string_view& from, std::size_t size) {
  if (size > from.size()) return std::nullopt;
  const auto out = from.substr(0, size);
  from.remove_prefix(size);
  return out;
}

/// All of it but what follows a semicolon is the number.
std::optional<std::size_t> read_number(std::string_view text, int base) {
  text = text.substr(0, text.find(';'));
  std::size_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A trailer that speaks of framing or of where a request goes must never be taken.
bool steers(std::string_view trailer) {
  const auto name = base::to_lower(trailer.substr(0, trailer.find(':')));
  return name == "content-length" || name == "transfer-encoding" || name == "host";
}

std::optional<std::string> take_chunks(std::string_view& wire) {
  std::string out;
  while (true) {
    const auto line = take_until(wire, "\r\n");
    const auto size = line ? read_number(*line, 16) : std::nullopt;
    if (!size) return std::nullopt;
    if (*size == 0) break;
    const auto data = take_bytes(wire, *size);
    const auto end = take_bytes(wire, 2);
    if (!data || end != "\r\n") return std::nullopt;
    out += *data;
  }
  for (auto trailer = take_until(wire, "\r\n"); trailer && !steers(*trailer);
       trailer = take_until(wire, "\r\n"))
    if (trailer->empty()) return out;
  return std::nullopt;
}

}  // namespace

std::optional<framed> take_framed(std::string_view& wire, const http::fields& fields) {
  framed out;
  const auto head = take_until(wire, "\r\n\r\n");
  if (!head) return std::nullopt;
  out.head = *head;
  if (fields.find("Transfer-Encoding")) {
    auto body = take_chunks(wire);
    if (!body) return std::nullopt;
    out.body = std::move(*body);
  } else if (const auto length = fields.find("Content-Length")) {
    const auto size = read_number(*length, 10);
    const auto body = size ? take_bytes(wire, *size) : std::nullopt;
    if (!body) return std::nullopt;
    out.body = *body;
  }
  return out;
}

}  // namespace cartrelay::fuzz
