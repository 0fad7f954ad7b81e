#pragma once

#include "event/fault.hpp"
#include "event/node.hpp"

#include <array>
#include <cstddef>
#include <memory_resource>
#include <string_view>
#include <vector>

namespace cartrelay::event {

/// One JSON text, exact: numbers keep their spelling, duplicate members are refused. Parsed in one pass into
/// an arena; strings without escapes are views into the text, which must outlive the document.
///
/// Refused: what RFC 8259 does not allow, a byte order mark, text that is not UTF-8, nesting deeper than
/// max_depth (an array as the root does not count), duplicate members, numbers longer than 40 characters or
/// not finite. Control characters are left to the reader (node::text_controls), for they stand in well-formed
/// JSON.
class document {
 public:
  static constexpr std::size_t max_depth = 32;
  static constexpr std::size_t max_elements = 1'000;  ///< of an array; see parse

  document() = default;
  document(const document&) = delete;
  document& operator=(const document&) = delete;

  /// Once per document. The root, or nullptr when faults() says what is wrong, in a text whose first line is
  /// `first_line` of what was sent. Arrays keep their first
  /// `max_elements` elements (the outermost its first `max_root_elements`) and count the others in
  /// node::size, so that a body of nothing but zeros costs little; readers refuse such arrays.
  [[nodiscard]] node* parse(std::string_view json, std::size_t max_root_elements = max_elements,
                            std::size_t depth = max_depth, std::size_t first_line = 1);
  /// After parse: what can be judged beside its faults, if the text is JSON at all. In the place of a number
  /// that was refused stands a 1, in the place of what is nested too deep an empty container.
  [[nodiscard]] node* readable() const noexcept { return readable_; }
  /// In document order, as many as a fault_list takes. Where the root is an array, pointers begin at its
  /// element and `index` says which.
  [[nodiscard]] const std::vector<fault>& faults() const noexcept { return faults_.all(); }

  /// After parse: the text is what append_compact() makes of the root, byte for byte, so it need not be
  /// written anew.
  [[nodiscard]] bool is_compact() const noexcept { return compact_; }

  /// After parse: how many bytes of its names and strings are no views into the text.
  [[nodiscard]] std::size_t elsewhere() const noexcept { return elsewhere_; }

  /// A node for those who compose a document by hand.
  [[nodiscard]] node& make(node::kind what);

 private:
  struct builder;

  // Large enough for one event of usual size, so that the usual parse never asks the heap.
  alignas(std::max_align_t) std::array<std::byte, 16 << 10> first_;
  std::pmr::monotonic_buffer_resource arena_{first_.data(), first_.size()};
  fault_list faults_;
  node* readable_ = nullptr;
  std::size_t elsewhere_ = 0;
  bool compact_ = false;
};

}  // namespace cartrelay::event
