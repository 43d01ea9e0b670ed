// Memory of tensors on the CPU. A training step takes and gives back the same hundreds of large blocks, a little different
// in size each time. Among a process's small allocations these scatter and the heap grows step by step; mapped one by one,
// their pages fault anew each time. So large blocks live in one region of addresses of their own, with huge pages: the
// smallest free block that fits, neighbours joined when freed. Small ones are left to malloc.
#include "allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

namespace bridge {

namespace {

constexpr size_t kSmallestBlock = size_t{64} << 10;
constexpr size_t kPage = size_t{4} << 10;

class BlockAllocator final : public c10::Allocator {
 public:
  // Addresses only: pages exist once they are written to.
  explicit BlockAllocator(size_t reserved) {
    void* memory = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return;
    (void)madvise(memory, reserved, MADV_HUGEPAGE);
    begin_ = static_cast<char*>(memory);
    end_ = begin_ + reserved;
    add_free(begin_, reserved);
  }

  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : take(bytes);
    if (data == nullptr && bytes != 0) data = c10::alloc_cpu(bytes);
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  void copy_data(void* to, const void* from, size_t count) const override { std::memcpy(to, from, count); }

  LargeTensorBytes bytes() {
    std::lock_guard<std::mutex> lock(mutex_);
    return bytes_;
  }

  void reset_peak() {
    std::lock_guard<std::mutex> lock(mutex_);
    bytes_.peak = bytes_.now;
  }

  void release_free() {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [start, size] : free_by_address_) (void)madvise(start, size, MADV_DONTNEED);
  }

 private:
  static void give_back(void* data);

  bool owns(const void* data) const { return data >= begin_ && data < end_; }

  void* take(size_t bytes) {
    if (bytes < kSmallestBlock || bytes > static_cast<size_t>(end_ - begin_)) return nullptr;
    const size_t size = (bytes + kPage - 1) / kPage * kPage;
    std::lock_guard<std::mutex> lock(mutex_);
    const auto best = free_by_size_.lower_bound({size, nullptr});
    if (best == free_by_size_.end()) return nullptr;
    const auto [found, start] = *best;
    remove_free(start, found);
    if (found > size) add_free(start + size, found - size);
    taken_[start] = size;
    bytes_.now += size;
    bytes_.peak = std::max(bytes_.peak, bytes_.now);
    return start;
  }

  void free_block(char* start) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto block = taken_.find(start);
    size_t size = block->second;
    taken_.erase(block);
    bytes_.now -= size;
    const auto after = free_by_address_.lower_bound(start);
    if (after != free_by_address_.begin()) {
      const auto [before, before_size] = *std::prev(after);
      if (before + before_size == start) {
        remove_free(before, before_size);
        start = before;
        size += before_size;
      }
    }
    const auto next = free_by_address_.find(start + size);
    if (next != free_by_address_.end()) {
      const size_t next_size = next->second;
      remove_free(start + size, next_size);
      size += next_size;
    }
    add_free(start, size);
  }

  void add_free(char* start, size_t size) {
    free_by_address_.emplace(start, size);
    free_by_size_.emplace(size, start);
  }

  void remove_free(char* start, size_t size) {
    free_by_address_.erase(start);
    free_by_size_.erase({size, start});
  }

  std::mutex mutex_;
  char* begin_ = nullptr;
  char* end_ = nullptr;
  std::map<char*, size_t> free_by_address_;
  std::set<std::pair<size_t, char*>> free_by_size_;
  std::unordered_map<char*, size_t> taken_;
  LargeTensorBytes bytes_ = {0, 0};
};

// Never destroyed: tensors may be freed while the process ends.
BlockAllocator& block_allocator() {
  static auto* allocator = [] {
    const size_t memory = static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
    return new BlockAllocator(memory);
  }();
  return *allocator;
}

void BlockAllocator::give_back(void* data) {
  BlockAllocator& allocator = block_allocator();
  if (allocator.owns(data)) allocator.free_block(static_cast<char*>(data));
  else c10::free_cpu(data);
}

}  // namespace

// Each environment of JavaScript loads the addon, but what is set here belongs to the process.
void install_allocator() {
  static std::once_flag installed;
  std::call_once(installed, [] { c10::SetCPUAllocator(&block_allocator(), /*priority=*/1); });
}

LargeTensorBytes large_tensor_bytes() { return block_allocator().bytes(); }

void reset_large_tensor_peak() { block_allocator().reset_peak(); }

void release_free_memory() { block_allocator().release_free(); }

}  // namespace bridge
