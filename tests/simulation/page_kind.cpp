#include "simulation/page_kind.hpp"

#include "destinations/judge.hpp"
#include "simulation/shop.hpp"

#include <utility>

namespace cartrelay::simulation {
namespace {

using destinations::judgement;
using destinations::memory_change;

class page_delivery final : public destinations::delivery {
 public:
  page_delivery(const std::vector<destinations::delivery_event>& events, std::size_t requests,
                destinations::memory known, std::string key)
      : events_(events.size()), left_(requests), key_(std::move(key)) {
    for (const auto& one : events)
      body_.append(body_.empty() ? "" : ",").append(one.what->id);
    id_ = events.front().what->id;
    if (const auto found = known.find(key_); found != known.end()) expects_ = found->second;
  }

  [[nodiscard]] std::vector<memory_change> changes_before() const override {
    if (key_.empty() || expects_.empty()) return {};
    return {{key_, std::nullopt}};
  }
  [[nodiscard]] std::optional<http::request> next(base::timestamp now) override {
    if (left_ == 0 || over_) return std::nullopt;
    asked_at_ = now;
    http::request out;
    out.method = left_ == 1 ? "POST" : "GET";
    out.target = "https://vendor.test/pages?secret=no";
    out.headers.add("Authorization", "Bearer first");
    // What the memory says stood there before: the vendor knows whether that is true.
    out.headers.add("Expects", expects_);
    out.body = body_;
    return out;
  }
  void take(const http::outcome& came) override {
    judged_ = destinations::judge(came, asked_at_);
    if (judged_.what == destinations::verdict::delivered)
      --left_;
    else
      over_ = true;
  }
  [[nodiscard]] bool safe_to_repeat() const override { return true; }
  [[nodiscard]] std::vector<judgement> judgements() const override {
    return std::vector<judgement>(events_, judged_);
  }
  [[nodiscard]] std::vector<memory_change> changes() const override {
    if (key_.empty() || left_ > 0) return {};
    return {{key_, id_}};
  }

 private:
  std::size_t events_, left_;
  std::string key_, body_, id_, expects_;
  bool over_ = false;
  base::timestamp asked_at_;
  judgement judged_;
};

}  // namespace

destinations::screening page_kind::screen(const event::event& what) const {
  using outcome = destinations::screening::outcome;
  if (fate_of(what) == fate::skipped) return {outcome::skipped, "no_ticket", ""};
  if (fate_of(what) == fate::unmappable) return {outcome::unmappable, "no_identity", "/data/customer"};
  return {};
}

std::vector<std::string> page_kind::order_keys(const event::event& what) const {
  return keys_of(what);
}

bool page_kind::supersedes(const event::event& what) const {
  return how_.supersedes && what.type == event::event_type::cart_updated;
}

std::vector<std::string> page_kind::memory_keys(const event::event& what) const {
  if (!how_.remembers || !what.data.cart || what.partition_key) return {};
  return {std::string("cart:").append(what.data.cart->id)};
}

std::unique_ptr<destinations::delivery> page_kind::begin(std::vector<destinations::delivery_event> events,
                                                         destinations::memory known) {
  const auto keys = memory_keys(*events.front().what);
  return std::make_unique<page_delivery>(events, how_.requests, std::move(known),
                                         keys.empty() ? std::string() : keys.front());
}

}  // namespace cartrelay::simulation
