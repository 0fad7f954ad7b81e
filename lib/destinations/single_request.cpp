#include "destinations/single_request.hpp"

#include "destinations/judge.hpp"

#include <utility>

namespace cartrelay::destinations {

http::request json_request(std::string method, std::string url, std::string body) {
  http::request out;
  out.method = std::move(method);
  out.target = std::move(url);
  out.headers.reserve(4);  // one for the credential, one to spare
  out.headers.add("Content-Type", "application/json");
  out.headers.add("Accept", "application/json");
  out.body = std::move(body);
  return out;
}

single_request::single_request(http::request what, std::size_t events, bool safe_to_repeat,
                               base::secret hidden)
    : what_(std::move(what)),
      events_(events),
      safe_to_repeat_(safe_to_repeat),
      hidden_(std::move(hidden)),
      judged_(not_sent()) {}

single_request::single_request(judgement known) : judged_(std::move(known)) {}

std::optional<http::request> single_request::next(base::timestamp now) {
  asked_at_ = now;
  return std::exchange(what_, std::nullopt);
}

void single_request::take(const http::outcome& came) {
  const auto safe = masked(came, {&hidden_, 1});
  judged_ = meaning(safe ? *safe : came, asked_at_);
  if (events_ == 1) judged_.divisible = false;
}

std::vector<judgement> single_request::judgements() const {
  return std::vector<judgement>(events_, judged_);
}

judgement single_request::meaning(const http::outcome& came, base::timestamp asked_at) const {
  return judge(came, asked_at);
}

}  // namespace cartrelay::destinations
