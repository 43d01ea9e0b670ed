// The allocator of tensors on the CPU, for the whole process.
#pragma once

#include <cstddef>

namespace bridge {

// From now on large tensors lie in a region of their own. Further calls change nothing.
void install_allocator();

// Bytes of large tensors now, and at most since the last reset; small ones are left out.
struct LargeTensorBytes {
  size_t now;
  size_t peak;
};
LargeTensorBytes large_tensor_bytes();
void reset_large_tensor_peak();

// Gives pages that no tensor holds back to the system.
void release_free_memory();

}  // namespace bridge
