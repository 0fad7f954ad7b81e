#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cartrelay::bench {

class shop_events;

/// The front of what a server sent, taken for an answer.
struct answer {
  std::size_t size = 0;  ///< 0: it is not all there yet
  int status = 0;        ///< of HTTP; of others 200, or 500 for an error
  bool last = false;     ///< the server closes the connection behind it
};

/// How events are put to one kind of server: one request, one answer, then the next. No sockets.
class protocol {
 public:
  protocol() = default;
  protocol(const protocol&) = delete;
  protocol& operator=(const protocol&) = delete;
  virtual ~protocol() = default;

  /// What a new connection says first; each part is answered before the next goes out.
  [[nodiscard]] virtual std::vector<std::string> greeting() const { return {}; }
  /// The request that stores events `first` and the `count - 1` after it, behind `out`.
  virtual void append_request(std::string& out, std::uint64_t first, std::size_t count) const = 0;
  [[nodiscard]] virtual answer read_answer(std::string_view received) const = 0;
};

/// POST of one event as JSON, or of several as NDJSON. `headers` are whole lines, each ended by CR LF.
[[nodiscard]] std::unique_ptr<protocol> make_http(const shop_events& events, std::string host,
                                                  std::string path, std::string headers);
/// POST of the same body each time.
[[nodiscard]] std::unique_ptr<protocol> make_fixed_http(std::string body, std::string host, std::string path,
                                                        std::string headers);
/// XADD to one stream.
[[nodiscard]] std::unique_ptr<protocol> make_redis(const shop_events& events);
/// A prepared INSERT into `events (id text, body text)`, each in a transaction of its own. The server trusts
/// `user`.
[[nodiscard]] std::unique_ptr<protocol> make_postgres(const shop_events& events, std::string user,
                                                      std::string database);

}  // namespace cartrelay::bench
