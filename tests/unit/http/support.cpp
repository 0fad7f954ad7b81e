#include "tests/unit/http/support.hpp"

#include "base/log.hpp"
#include "base/timer.hpp"

#include <arpa/inet.h>
#include <boost/asio/post.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>

namespace cartrelay::http::testing {

void io_thread::call(const std::function<void()>& what) {
  std::promise<void> done;
  boost::asio::post(context_, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

few_descriptors::few_descriptors(int spare) {
  // A sanitizer that sees an object for the first time needs a descriptor to look at it.
  base::log::info("the process is about to have {} descriptors left", spare);
  ::getrlimit(RLIMIT_NOFILE, &before_);
  const int next = ::dup(0);
  ::close(next);
  rlimit now = before_;
  now.rlim_cur = static_cast<rlim_t>(next + spare);
  ::setrlimit(RLIMIT_NOFILE, &now);
}

few_descriptors::~few_descriptors() {
  ::setrlimit(RLIMIT_NOFILE, &before_);
}

std::optional<response> echo_handler::screen(const request& head, const peer& from) {
  last_peer = from;
  if (head.path() == "/forbidden") return problem(401, "no");
  if (head.path() == "/broken-screen") throw std::runtime_error("screen");
  return std::nullopt;
}

base::task<response> echo_handler::handle(request& incoming, const peer&) {
  seen.push_back(incoming);
  if (instead) {
    auto chosen = instead(incoming, seen.size());
    if (chosen) co_return std::move(*chosen);
  }
  response answer;
  const auto path = incoming.path();
  if (path == "/throw") throw std::runtime_error("handler");
  if (path == "/drop") answer.status = 0;
  if (path == "/split") answer.headers.add("X-Bad", "a\r\nX-Injected: 1");
  if (path == "/large") answer.body.assign(32u << 20, 'x');
  if (path == "/slow") {
    const auto where = co_await boost::asio::this_coro::executor;
    base::timer timer(where, std::chrono::milliseconds(300));
    co_await timer.async_wait(base::as_result);
  }
  if (answer.body.empty()) answer.body = incoming.body;
  co_return answer;
}

served::served(io_thread& io, server_options settings, handler& target) : io_(io) {
  if (settings.listen.empty()) settings.listen = {"127.0.0.1:0"};
  auto made = server::listen(io_.executor(), settings, target);
  if (!made) throw std::runtime_error(made.error().message());
  server_ = std::move(*made);
  io_.call([this] { server_->start(); });
}

served::~served() {
  stop();
}

void served::stop(std::chrono::milliseconds grace) {
  if (stopped_) return;
  stopped_ = true;
  io_.run(server_->stop(grace));
}

unsigned short served::port() const {
  const auto& text = address();
  return static_cast<unsigned short>(std::stoi(text.substr(text.rfind(':') + 1)));
}

server_counters running_server::counters() {
  server_counters now;
  io_.call([&] { now = server_.get().counters(); });
  return now;
}

std::vector<request> running_server::seen() {
  std::vector<request> copy;
  io_.call([&] { copy = handler_.seen; });
  return copy;
}

std::size_t running_server::refused() {
  std::size_t count = 0;
  io_.call([&] { count = handler_.refused; });
  return count;
}

peer running_server::last_peer() {
  peer copy;
  io_.call([&] { copy = handler_.last_peer; });
  return copy;
}

void running_server::answer_instead(std::function<std::optional<response>(const request&, std::size_t)> how) {
  io_.call([&] { handler_.instead = std::move(how); });
}

raw_client::raw_client() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {}

raw_client::raw_client(unsigned short port) : raw_client() {
  connect(port);
}

bool raw_client::connect(unsigned short port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  return connected_;
}

raw_client::raw_client(const std::string& unix_path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, unix_path.c_str(), sizeof address.sun_path - 1);
  connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

raw_client::~raw_client() {
  ::close(fd_);
}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_client::finish_sending() {
  ::shutdown(fd_, SHUT_WR);
}

bool raw_client::read_more() {
  timeval patience{10, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  char piece[65536];
  const auto count = ::recv(fd_, piece, sizeof piece, 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) timed_out_ = true;
  if (count <= 0) return false;
  received_.append(piece, static_cast<std::size_t>(count));
  return true;
}

std::string raw_client::read_until_close() {
  while (read_more()) {
  }
  return std::exchange(received_, {});
}

namespace {

/// The size of the whole answer that `text` begins with, 0 if it is not whole.
std::size_t whole_answer(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::string_view name = "Content-Length: ";
  const auto field = text.find(name);
  std::size_t length = 0;
  if (field < end) length = std::stoul(std::string(text.substr(field + name.size(), 12)));
  return text.size() >= end + 4 + length ? end + 4 + length : 0;
}

}  // namespace

std::string raw_client::read_answers(std::size_t count) {
  std::size_t taken = 0;
  while (count > 0) {
    const auto size = whole_answer(std::string_view(received_).substr(taken));
    if (size > 0) {
      taken += size;
      --count;
    } else if (!read_more()) {
      break;
    }
  }
  std::string answers = received_.substr(0, taken);
  received_.erase(0, taken);
  return answers;
}

std::string exchange_until_close(unsigned short port, std::string_view bytes) {
  raw_client client(port);
  client.send(bytes);
  auto answer = client.read_until_close();
  EXPECT_FALSE(client.timed_out()) << "the server did not close";
  return answer;
}

std::vector<int> statuses_of(std::string_view text) {
  std::vector<int> found;
  const std::string_view start = "HTTP/1.1 ";
  for (auto at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1))
    if (std::isdigit(static_cast<unsigned char>(text[at + start.size()])) != 0)
      found.push_back(std::stoi(std::string(text.substr(at + start.size(), 3))));
  return found;
}

int status_of(std::string_view text) {
  const auto all = statuses_of(text);
  return all.empty() ? 0 : all.front();
}

std::string gzip(std::string_view plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string post(std::string_view body, std::string_view more_fields) {
  return "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more_fields) + "\r\n" + std::string(body);
}

response raw_answer(std::string bytes, wire_script::ending last) {
  auto script = std::make_shared<wire_script>();
  script->steps.push_back({std::chrono::milliseconds(0), std::move(bytes)});
  script->last = last;
  response answer;
  answer.script = std::move(script);
  return answer;
}

temporary_folder::temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "cartrelay-http-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace cartrelay::http::testing
