#include "http/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace cartrelay::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::optional;
using boost::beast::string_view;
using boost::system::error_code;

/// Puts what Beast reads straight into our request: no container in between.
class head_parser final : public beast_http::basic_parser<true> {
 public:
  explicit head_parser(request& into) : into_(into) {
    header_limit(std::numeric_limits<std::uint32_t>::max());  // check_head() has counted
    body_limit(boost::none);
  }

 private:
  void on_request_impl(beast_http::verb, string_view method, string_view target, int, error_code&) override {
    into_.method = method;
    into_.target = target;
  }
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code&) override {
    into_.headers.add(std::string(name), std::string(value));
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  request& into_;
};

}  // namespace

bool read_request_head(std::string_view head, request& into) {
  into.headers.clear();
  into.headers.reserve(16);
  into.body.clear();
  head_parser parser(into);
  error_code failure;
  parser.put(boost::asio::buffer(head), failure);
  return !failure && parser.is_header_done();
}

}  // namespace cartrelay::http
