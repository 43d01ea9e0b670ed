// Entry point of the main addon: gives each JavaScript environment its state and its functions.
#include <exception>

#include "allocator.h"
#include "bridge.h"

namespace {

void delete_environment(napi_env, void* data, void*) { delete static_cast<std::shared_ptr<bridge::Environment>*>(data); }

}  // namespace

NAPI_MODULE_INIT() {
  auto* environment = new std::shared_ptr<bridge::Environment>(std::make_shared<bridge::Environment>());
  if (napi_set_instance_data(env, environment, delete_environment, nullptr) != napi_ok) {
    delete environment;
    napi_throw_error(env, "TORCH_INTERNAL", "the addon could not be given its state");
    return nullptr;
  }
  try {
    bridge::install_allocator();
    bridge::register_kernels();
    for (const auto& group : {bridge::dispatcher_exports(), bridge::tensor_exports(), bridge::autograd_exports(),
                              bridge::file_exports(), bridge::file_writer_exports(), bridge::runtime_exports(),
                              bridge::profiler_exports()}) {
      for (const auto& entry : group) {
        napi_value function;
        bridge::check(env, napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &function),
                      "napi_create_function");
        bridge::check(env, napi_set_named_property(env, exports, entry.name, function), "napi_set_named_property");
      }
    }
  } catch (...) {
    bridge::throw_current_exception(env, "", "");
    return nullptr;
  }
  return exports;
}
