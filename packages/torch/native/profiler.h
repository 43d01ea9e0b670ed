// What libtorch runs in one JavaScript environment, with the time of each part.
#pragma once

#include <ATen/record_function.h>

#include <memory>
#include <optional>

namespace bridge {

class Profiler;
struct Environment;

// A part of the profile that lasts as long as this object; nothing where no profile is recorded.
class ProfileSpan {
 public:
  // `name` must live as long as the span.
  ProfileSpan(const Environment& environment, at::RecordScope scope, const char* name);

 private:
  std::optional<at::RecordFunction> record_;
};

}  // namespace bridge
