#include "daemon/client/daemon_client.hpp"

#include "config/client_view.hpp"
#include "config/configuration.hpp"
#include "config/token.hpp"
#include "daemon/client/not_empty.hpp"
#include "http/address.hpp"

#include <CLI/CLI.hpp>
#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

namespace cartrelay::daemon {
namespace {

namespace errc = boost::system::errc;

base::error failure(std::string words, errc::errc_t code = errc::io_error) {
  return {errc::make_error_code(code), std::move(words)};
}

/// What a listener's address is for somebody who wants to reach it.
struct reachable {
  std::string base_url, unix_path;
};

bool may_use(const std::string& unix_path) {
  struct stat found {};
  return ::stat(unix_path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode) &&
         ::access(unix_path.c_str(), R_OK | W_OK) == 0;
}

std::string base_url_of(const http::listen_address& address, bool tls) {
  const auto host = address.host == "0.0.0.0" ? "127.0.0.1" : address.host == "::" ? "::1" : address.host;
  return fmt::format("{}://{}:{}", tls ? "https" : "http", http::bracketed(host), address.port);
}

/// Of the addresses that are listened on: a Unix socket that may be used, else the first over TCP, else the
/// Unix socket all the same: the refusal says more than silence.
reachable reach(const std::vector<std::string>& listen, bool tls) {
  reachable by_tcp, by_unix;
  for (const auto& text : listen) {
    const auto address = http::parse_listen_address(text).value();
    if (!address.is_unix()) {
      if (by_tcp.base_url.empty() && address.port != 0) by_tcp.base_url = base_url_of(address, tls);
      continue;
    }
    reachable here{"http://localhost", address.path};
    if (may_use(address.path)) return here;
    if (by_unix.unix_path.empty()) by_unix = here;
  }
  return by_tcp.base_url.empty() ? by_unix : by_tcp;
}

/// The packaged unit's socket, or else where a daemon listens that is not told otherwise.
reachable default_address(listener which) {
  const auto usual = config::defaults();
  auto listen = which == listener::ingest ? usual.ingest.server.listen : usual.admin.server.listen;
  listen.emplace_back(which == listener::ingest ? "unix:/run/cartrelay/ingest.sock"
                                                : "unix:/run/cartrelay/admin.sock");
  return reach(listen, false);
}

std::string all_messages(const std::vector<config::fault>& faults) {
  std::string out;
  for (const auto& fault : faults)
    out += (out.empty() ? "" : "\n") + fault.message();
  return out;
}

extern "C" std::size_t cartrelay_take_body(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

/// Why there was no answer, and what may help.
std::string explain(CURL* handle, CURLcode code, const char* detail) {
  long cause = 0;
  if (code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &cause);
  std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (cause != 0) why = base::system_message(static_cast<int>(cause));
  if (cause == EACCES) return why + "; this user may not use the socket";
  if (code == CURLE_COULDNT_CONNECT)
    return why + "; does the daemon run, and listen there? --url or --config names another place";
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return why + "; --ca-file names who signed its certificate, --url a host that stands in it";
  if (code == CURLE_GOT_NOTHING) return why + "; where the listener serves TLS, --url begins with https://";
  return why;
}

using easy_handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using header_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void add_header(header_list& list, const std::string& line) {
  auto* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

}  // namespace

void daemon_address::add_options(CLI::App& command, listener which) {
  auto* from_config = command.add_option("--config", config, "Find the daemon by its configuration file")
                          ->check(CLI::ExistingFile);
  const auto* place = which == listener::ingest
                          ? "Find the daemon by the URL of its ingest listener, e.g. http://127.0.0.1:8470"
                          : "Find the daemon by the URL of its admin listener, e.g. http://127.0.0.1:8471";
  command.add_option("--url", url, place)->excludes(from_config)->check(not_empty());
  command.add_option("--token-file", token_file, "File with the bearer token")->check(CLI::ExistingFile);
  command.add_option("--ca-file", ca_file, "Further trust anchor (PEM) for a daemon that serves TLS")
      ->check(CLI::ExistingFile);
}

base::result<daemon_client> daemon_client::find(const daemon_address& where, listener which) {
  daemon_client out;
  out.ca_file_ = where.ca_file;
  reachable target;
  if (!where.config.empty()) {
    auto seen = config::load_client_view(where.config, which == listener::ingest ? "ingest" : "admin");
    if (!seen) return failure(all_messages(seen.error()));
    target = reach(seen->listen, seen->tls);
    if (target.base_url.empty())
      return failure(
          "the configuration leaves the port to the system (port 0): the daemon's log says which it "
          "is, and --url names it");
    if (seen->token.empty()) out.no_token_because_ = all_messages(seen->unreadable_tokens);
    out.token_ = std::move(seen->token);
    out.token_from_ = where.config;
  } else if (!where.url.empty()) {
    target = {where.url, ""};
    while (target.base_url.ends_with('/'))
      target.base_url.pop_back();
    if (target.base_url.ends_with(':')) return failure(fmt::format("--url {} names no host", where.url));
  } else {
    target = default_address(which);
  }
  if (!where.token_file.empty()) {
    auto token = base::read_secret({base::secret_source::kind::file, where.token_file});
    if (!token) return token.error();
    if (const auto words = config::token_fault(*token))
      return failure(fmt::format("the token in {} {}", where.token_file, *words));
    out.token_ = std::move(*token);
    out.token_from_ = where.token_file;
    out.no_token_because_.clear();
  }
  out.base_url_ = target.base_url;
  out.unix_path_ = target.unix_path;
  return out;
}

base::result<daemon_client::answer> daemon_client::call(std::string_view method, std::string_view target,
                                                        std::string_view content_type,
                                                        std::string_view body) const {
  const easy_handle easy(curl_easy_init(), curl_easy_cleanup);
  if (!easy) return failure("libcurl cannot be initialised");
  const std::string url = base_url_ + std::string(target);
  const std::string verb(method);
  answer out;
  out.from = unix_path_.empty() ? base_url_ : "unix:" + unix_path_;
  if (!token_.empty()) out.token_from = token_from_;
  header_list headers(nullptr, curl_slist_free_all);
  if (!content_type.empty()) add_header(headers, "Content-Type: " + std::string(content_type));
  if (!token_.empty()) add_header(headers, "Authorization: Bearer " + token_.reveal());
  add_header(headers, "Expect:");
  auto* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, verb.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(patience_.count()));
  if (!unix_path_.empty()) curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, unix_path_.c_str());
  if (!ca_file_.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file_.c_str());
  if (method != "GET") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
  }
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &cartrelay_take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &out.body);
  std::array<char, CURL_ERROR_SIZE> detail{};
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  if (const auto code = curl_easy_perform(handle); code != CURLE_OK) {
    long sent = 0;
    curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
    return failure(fmt::format("no answer from {}: {}", out.from, explain(handle, code, detail.data())),
                   sent == 0 ? errc::not_connected : errc::io_error);
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  out.status = static_cast<int>(status);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after);
  out.retry_after = std::chrono::seconds(retry_after);
  if (out.status == 401 && token_.empty() && !no_token_because_.empty())
    return failure(
        "the daemon asks for a token, and none could be read; --token-file names one\n" + no_token_because_,
        errc::permission_denied);
  return out;
}

}  // namespace cartrelay::daemon
