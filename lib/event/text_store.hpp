#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace cartrelay::event {

/// What the strings of one event are views into: a copy of its JSON text and, behind it, those strings that
/// the text spells with escapes. One piece of memory, of the size that is needed. Filled by one reader, then
/// given away.
class text_store {
 public:
  /// `parsed` is the text of a document and outlives the store; `elsewhere`: how much of the document's
  /// strings lies outside of it (document::elsewhere).
  text_store(std::string_view parsed, std::size_t elsewhere);

  /// The JSON text in here.
  [[nodiscard]] std::string_view json() const noexcept { return {memory_.get(), parsed_.size()}; }
  /// A string of the document, in here. Each string once.
  [[nodiscard]] std::string_view keep(std::string_view read);
  /// What keeps all these views good.
  [[nodiscard]] std::shared_ptr<const char[]> share() const noexcept { return memory_; }

 private:
  std::string_view parsed_;
  std::size_t size_, used_;
  std::shared_ptr<char[]> memory_;
};

}  // namespace cartrelay::event
