// Opens libtorch by absolute path before the main addon is loaded, so that neither an rpath nor
// LD_LIBRARY_PATH decides which libtorch a process gets. Links nothing of libtorch itself.
#include <dlfcn.h>
#include <node_api.h>

#include <cstdlib>
#include <string>
#include <vector>

// The arguments, which must be `expected` strings; else none, with an error thrown.
static std::vector<std::string> Strings(napi_env env, napi_callback_info info, size_t expected, const char* usage) {
  std::vector<napi_value> values(expected);
  size_t count = expected;
  std::vector<std::string> strings;
  bool fits = napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr) == napi_ok && count >= expected;
  for (size_t i = 0; fits && i < expected; ++i) {
    size_t length = 0;
    fits = napi_get_value_string_utf8(env, values[i], nullptr, 0, &length) == napi_ok;
    strings.emplace_back(length, '\0');
    if (fits) napi_get_value_string_utf8(env, values[i], strings.back().data(), length + 1, &length);
  }
  if (fits) return strings;
  napi_throw_type_error(env, "TORCH_ARGUMENT_TYPE", usage);
  return {};
}

static napi_value Open(napi_env env, napi_callback_info info) {
  const std::vector<std::string> arguments = Strings(env, info, 1, "open(path): path must be a string");
  if (arguments.empty()) return nullptr;
  if (dlopen(arguments[0].c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    napi_throw_error(env, "TORCH_LIBRARY_NOT_LOADED", dlerror());
  }
  return nullptr;
}

// A variable of the process, unless it is set: a worker thread's `process.env` is a copy that native code does not see.
static napi_value SetDefault(napi_env env, napi_callback_info info) {
  const std::vector<std::string> arguments =
      Strings(env, info, 2, "setDefault(name, value): name and value must be strings");
  if (!arguments.empty()) setenv(arguments[0].c_str(), arguments[1].c_str(), /*overwrite=*/0);
  return nullptr;
}

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback function;
  } entries[] = {{"open", Open}, {"setDefault", SetDefault}};
  for (const auto& entry : entries) {
    napi_value function;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, nullptr, &function);
    napi_set_named_property(env, exports, entry.name, function);
  }
  return exports;
}
