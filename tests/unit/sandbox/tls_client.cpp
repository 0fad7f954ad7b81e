#include "tests/unit/sandbox/tls_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

namespace cartrelay::sandbox {

namespace asio = boost::asio;

int raw_answer::status() const {
  return text.starts_with("HTTP/1.1 ") ? std::stoi(text.substr(9, 3)) : 0;
}

std::string raw_answer::body() const {
  const auto end_of_header = text.find("\r\n\r\n");
  return end_of_header == std::string::npos ? std::string() : text.substr(end_of_header + 4);
}

raw_answer exchange(std::uint16_t port, const std::string& authority, const std::string& request) {
  asio::io_context context;
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.add_certificate_authority(asio::buffer(authority));
  tls.set_verify_mode(asio::ssl::verify_peer);
  tls.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
  asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
  stream.handshake(asio::ssl::stream_base::client);
  asio::write(stream, asio::buffer(request));
  raw_answer got;
  asio::read(stream, asio::dynamic_buffer(got.text), got.end);
  if (got.end == asio::error::eof) got.end = {};
  return got;
}

std::string request_text(const std::string& method, const std::string& target, const std::string& body,
                         const std::string& fields) {
  return method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + fields +
         "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

}  // namespace cartrelay::sandbox
