#include "dispatch/equipment.hpp"

#include "destinations/errc.hpp"
#include "destinations/registry.hpp"
#include "dispatch/account_mark.hpp"
#include "dispatch/errc.hpp"

#include <utility>

namespace cartrelay::dispatch {
namespace {

base::result<std::unique_ptr<destinations::destination>> make_registered(const destinations::options& given) {
  const auto* kind = destinations::find_kind(given.kind);
  if (!kind) return fail(errc::unknown_kind, given.name + ": there is no kind \"" + given.kind + '"');
  auto made = kind->make(given);
  if (!made) return destinations::fail(destinations::errc::bad_setting, made.error().message());
  return std::move(*made);
}

}  // namespace

http::client_options wire_options(const destinations::options& given) {
  http::client_options out;
  out.max_connections = given.concurrency;
  out.connect_timeout = given.connect_timeout;
  out.request_timeout = given.request_timeout;
  out.ca_file = given.ca_file;
  out.proxy = given.proxy;
  return out;
}

factories real_factories() {
  return {make_registered, [](base::executor where, const http::client_options& settings) {
            return http::client::create(where, settings);
          }};
}

base::result<std::unique_ptr<equipment>> equip(const factories& with, base::executor where,
                                               const destinations::options& given) {
  auto kind = with.kind(given);
  if (!kind) return kind.error();
  auto wire = with.wire(where, wire_options(given));
  if (!wire) return wire.error();
  return std::make_unique<equipment>(
      equipment{given, masking(given), account_mark(given), std::move(*kind), std::move(*wire)});
}

}  // namespace cartrelay::dispatch
