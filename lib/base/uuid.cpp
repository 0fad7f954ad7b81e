#include "base/uuid.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/string_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace cartrelay::base {

std::string uuid_v4() {
  thread_local boost::uuids::random_generator generate;
  return boost::uuids::to_string(generate());
}

std::string uuid_v5(std::string_view name) {
  static const auto name_space = boost::uuids::string_generator{}("7d0c4f6e-2b53-5c0a-9d1c-5f3b8f0f6a11");
  boost::uuids::name_generator_sha1 generate(name_space);
  return boost::uuids::to_string(generate(name.data(), name.size()));
}

}  // namespace cartrelay::base
