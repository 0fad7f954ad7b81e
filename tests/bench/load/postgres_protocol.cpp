#include "bench/load/protocol.hpp"
#include "bench/load/shop_events.hpp"

#include <arpa/inet.h>

#include <cstring>

namespace cartrelay::bench {
namespace {

void append_int(std::string& out, std::uint32_t number) {
  const auto wire = htonl(number);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void append_short(std::string& out, std::uint16_t number) {
  const auto wire = htons(number);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

std::uint32_t read_int(std::string_view from) {
  std::uint32_t wire = 0;
  std::memcpy(&wire, from.data(), sizeof wire);
  return ntohl(wire);
}

void append_text(std::string& out, std::string_view text) {
  out.append(text).push_back('\0');
}

void append_message(std::string& out, char type, std::string_view body) {
  out += type;
  append_int(out, static_cast<std::uint32_t>(body.size() + 4));
  out += body;
}

/// Frontend/backend protocol 3.0, extended query: Bind, Execute and Sync of a statement prepared once.
class postgres_protocol final : public protocol {
 public:
  postgres_protocol(const shop_events& events, std::string user, std::string database)
      : events_(events), user_(std::move(user)), database_(std::move(database)) {}

  std::vector<std::string> greeting() const override {
    std::string body, startup, prepare;
    append_int(body, 196'608);
    append_text(body, "user");
    append_text(body, user_);
    append_text(body, "database");
    append_text(body, database_);
    body += '\0';
    append_int(startup, static_cast<std::uint32_t>(body.size() + 4));
    startup += body;
    body.clear();
    append_text(body, "store");
    append_text(body, "INSERT INTO events (id, body) VALUES ($1, $2)");
    append_short(body, 0);
    append_message(prepare, 'P', body);
    append_message(prepare, 'S', {});
    return {startup, prepare};
  }

  void append_request(std::string& out, std::uint64_t first, std::size_t) const override {
    scratch_.clear();
    append_text(scratch_, "");
    append_text(scratch_, "store");
    append_short(scratch_, 0);
    append_short(scratch_, 2);
    append_value(events_.id(first));
    event_.clear();
    events_.append(event_, first);
    append_value(event_);
    append_short(scratch_, 0);
    append_message(out, 'B', scratch_);
    append_message(out, 'E', std::string_view("\0\0\0\0\0", 5));
    append_message(out, 'S', {});
  }

  answer read_answer(std::string_view received) const override {
    answer found{0, 200};
    std::size_t at = 0;
    while (received.size() >= at + 5) {
      const auto type = received[at];
      at += 1 + read_int(received.substr(at + 1));
      if (at > received.size()) break;
      if (type == 'E') found.status = 500;
      if (type == 'Z') return {at, found.status};
    }
    return found;
  }

 private:
  void append_value(std::string_view text) const {
    append_int(scratch_, static_cast<std::uint32_t>(text.size()));
    scratch_ += text;
  }

  const shop_events& events_;
  std::string user_, database_;
  mutable std::string scratch_, event_;
};

}  // namespace

std::unique_ptr<protocol> make_postgres(const shop_events& events, std::string user, std::string database) {
  return std::make_unique<postgres_protocol>(events, std::move(user), std::move(database));
}

}  // namespace cartrelay::bench
