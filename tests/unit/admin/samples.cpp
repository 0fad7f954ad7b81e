#include "tests/unit/admin/samples.hpp"

namespace cartrelay::admin::testing {

using namespace std::chrono_literals;

snapshot sample() {
  snapshot seen;
  seen.version = "0.1.0";
  seen.started_at = started;
  seen.now = started + 90s;
  seen.uptime_s = 90;
  seen.requests_in_flight = 2;
  seen.queue.ingest = {100, 5, 3};
  seen.queue.engine = "rocksdb";
  seen.queue.events = 40;
  seen.queue.first = 61;
  seen.queue.next = 101;
  seen.queue.bytes = 4096;
  seen.queue.max_bytes = 1 << 20;
  seen.queue.commit_p50_ms = 1.25;
  seen.queue.commit_p99_ms = 8;
  dispatch::destination_status one;
  one.name = "releva-bg";
  one.kind = "releva";
  one.counts = {100, 80, 4, 3, 2, 1, 5, 30, 6};
  one.in_flight = 2;
  one.retrying = 1;
  one.oldest_pending = started + 60s;
  one.drain_eta_s = 12.5;
  one.last_success_at = started + 80s;
  one.next_attempt_at = started + 91s;
  one.last_error = {started + 70s, "http_503", "503 Service Unavailable: busy", 503};
  one.request_p50_ms = 20;
  one.request_p99_ms = 150.5;
  seen.destinations.push_back(one);
  return seen;
}

std::string page_view(const std::string& id) {
  return R"({"id":")" + id + R"(","source":"shop/bg","type":"page.viewed","data":{"page":{"url":"/"}}})";
}

std::string order_paid(const std::string& id, const std::string& order) {
  return R"({"id":")" + id + R"(","source":"shop/bg","type":"order.paid","data":{"order":{"id":")" + order +
         R"(","currency":"EUR","total":"10.50","cart_id":"cart-)" + order +
         R"(","items":[{"product_id":"p-1","unit_price":"10.50"}]},)"
         R"("customer":{"id":"u-1","email":"a@b.example","phone":"+35912345678"}}})";
}

std::string anonymous_order(const std::string& id, const std::string& order) {
  return R"({"id":")" + id + R"(","source":"shop/bg","type":"order.paid","data":{"order":{"id":")" + order +
         R"(","currency":"EUR","total":"10.50","items":[]}}})";
}

std::string large_order(const std::string& id, const std::string& order) {
  std::string items;
  for (int i = 0; i < 900; ++i)
    items += (i > 0 ? "," : "") + (R"({"product_id":"p-1","unit_price":"1.00","url":"https://shop.example/)" +
                                   std::string(950, 'u') + R"("})");
  auto event = anonymous_order(id, order);
  const std::string_view none = R"("items":[)";
  return event.insert(event.find(none) + none.size(), items);
}

}  // namespace cartrelay::admin::testing
