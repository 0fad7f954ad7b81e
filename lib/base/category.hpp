#pragma once

#include <boost/system/error_category.hpp>

#include <string>

namespace cartrelay::base {

// Boost's categories are never deleted, and have no virtual destructor.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

/// The category of a module's `errc`: its name, and the function that puts a value into words. One object for
/// each module, static, since codes are compared by its address.
template <class Errc>
class category final : public boost::system::error_category {
 public:
  using words = const char* (*)(Errc);

  category(const char* name, words in_words) noexcept : name_(name), in_words_(in_words) {}

  const char* name() const noexcept override { return name_; }
  std::string message(int value) const override { return in_words_(static_cast<Errc>(value)); }

 private:
  const char* name_;
  words in_words_;
};

#pragma GCC diagnostic pop

}  // namespace cartrelay::base
