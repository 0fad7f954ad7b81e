#include "event/stored.hpp"

#include "event/content.hpp"
#include "event/document.hpp"
#include "event/envelope.hpp"
#include "event/errc.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace cartrelay::event {
namespace {

constexpr char version = 1;
constexpr std::size_t stamp_size = 8;
constexpr std::size_t header_size = 1 + stamp_size;

void append_stamp(std::string& out, base::timestamp at) {
  const auto micros = static_cast<std::uint64_t>(base::to_micros(at));
  for (std::size_t byte = 0; byte < stamp_size; ++byte)
    out += static_cast<char>((micros >> (8 * byte)) & 0xff);
}

base::timestamp read_stamp(std::string_view bytes) {
  std::uint64_t micros = 0;
  for (std::size_t byte = 0; byte < stamp_size; ++byte)
    micros |= std::uint64_t{static_cast<unsigned char>(bytes[byte])} << (8 * byte);
  return base::from_micros(static_cast<std::int64_t>(micros));
}

}  // namespace

std::string encode(const event& value) {
  std::string out;
  out.reserve(header_size + value.json.size());
  out += version;
  append_stamp(out, value.received_at);
  out += value.json;
  return out;
}

base::result<event> decode(std::string_view stored) {
  if (stored.empty()) return fail(errc::corrupt, "a stored event without content");
  if (stored.front() != version)
    return fail(errc::unknown_version,
                fmt::format("a stored event of encoding version {}, this program knows {}",
                            static_cast<int>(static_cast<unsigned char>(stored.front())), int{version}));
  if (stored.size() < header_size) return fail(errc::corrupt, "a stored event that ends in its header");
  auto out = read_whole(stored.substr(header_size));
  if (out) out->received_at = read_stamp(stored.substr(1));
  return out;
}

content_digest digest(const event& value) {
  if (value.content) return *value.content;
  document source;
  const node* root = source.parse(value.json);
  if (root == nullptr) throw std::logic_error("the digest of an event whose text is not JSON");
  return content_of(*root);
}

}  // namespace cartrelay::event
