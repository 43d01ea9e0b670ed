// Opens libtorch by absolute path before the main addon is loaded, so that neither an rpath nor
// LD_LIBRARY_PATH decides which libtorch a process gets. Links nothing of libtorch itself.
#include <dlfcn.h>
#include <node_api.h>

#include <string>

static napi_value Open(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  size_t length = 0;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count < 1 ||
      napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, "TORCH_ARGUMENT_TYPE", "open(path): path must be a string");
    return nullptr;
  }
  std::string path(length, '\0');
  napi_get_value_string_utf8(env, argument, path.data(), length + 1, &length);
  if (dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    napi_throw_error(env, "TORCH_LIBRARY_NOT_LOADED", dlerror());
  }
  return nullptr;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, nullptr, &function);
  napi_set_named_property(env, exports, "open", function);
  return exports;
}
