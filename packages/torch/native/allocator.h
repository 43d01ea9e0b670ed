// The allocator of tensors on the CPU, for the whole process.
#pragma once

namespace bridge {

// From now on large tensors lie in a region of their own. Further calls change nothing.
void install_allocator();

// Gives pages that no tensor holds back to the system.
void release_free_memory();

}  // namespace bridge
