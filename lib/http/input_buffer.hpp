#pragma once

#include <boost/asio/buffer.hpp>

#include <cstring>
#include <memory>
#include <string_view>

namespace cartrelay::http {

/// What has been received and not yet been used: one flat piece of memory with a hard maximum, allocated when
/// it is first needed.
class input_buffer {
 public:
  explicit input_buffer(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] std::string_view data() const noexcept { return {bytes_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }

  /// Room for the next read: empty only if capacity bytes wait to be used.
  [[nodiscard]] boost::asio::mutable_buffer prepare() {
    if (!bytes_) bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
    if (begin_ > 0) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    return {bytes_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t count) noexcept { end_ += count; }
  void consume(std::size_t count) noexcept {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() noexcept { begin_ = end_ = 0; }

 private:
  std::size_t capacity_;
  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace cartrelay::http
