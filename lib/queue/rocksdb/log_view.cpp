#include "queue/rocksdb/log_view.hpp"

#include <algorithm>

namespace cartrelay::queue::rocks {
namespace {

/// The first so many bytes of a file.
class beginning final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  beginning(std::unique_ptr<rocksdb::FSSequentialFile> target, std::size_t size)
      : FSSequentialFileOwnerWrapper(std::move(target)), left_(size) {}

  rocksdb::IOStatus Read(std::size_t size, const rocksdb::IOOptions& options, rocksdb::Slice* result,
                         char* space, rocksdb::IODebugContext* context) override {
    auto status = FSSequentialFileOwnerWrapper::Read(std::min(size, left_), options, result, space, context);
    if (status.ok()) left_ -= result->size();
    return status;
  }
  rocksdb::IOStatus Skip(std::uint64_t size) override {
    const auto most = std::min<std::uint64_t>(size, left_);
    left_ -= most;
    return FSSequentialFileOwnerWrapper::Skip(most);
  }

 private:
  std::size_t left_;
};

}  // namespace

rocksdb::IOStatus log_view::NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSSequentialFile>* out,
                                              rocksdb::IODebugContext* context) {
  auto status = FileSystemWrapper::NewSequentialFile(name, options, out, context);
  if (status.ok() && torn_ && torn_->log == name)
    *out = std::make_unique<beginning>(std::move(*out), torn_->begin);
  return status;
}

}  // namespace cartrelay::queue::rocks
