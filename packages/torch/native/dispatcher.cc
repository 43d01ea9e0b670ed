// One boxed call for every operator that the linked libtorch knows: arguments are converted by the operator's own
// schema, so no operator is wrapped by hand.
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "bridge.h"
#include "profiler.h"

namespace bridge {

namespace {

// Operators whose contract is "the caller has checked": a wrong index, pointer or layout is undefined behaviour inside
// libtorch, so that no bridge could keep the promise that a bad call is an error. A name stands for all its overloads.
bool is_unchecked(const std::string& name) {
  static const std::set<std::string> names = {
#include "unchecked-operators.inc"
  };
  // Inner halves of other operators, which call them with what they know to fit.
  for (std::string_view suffix : {"_backward", "_backward_data", "_helper"}) {
    if (name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) return true;
  }
  return names.count(name) > 0;
}

constexpr std::array<std::pair<c10::MemoryFormat, const char*>, 4> kMemoryFormats = {{
    {c10::MemoryFormat::Contiguous, "contiguous"},
    {c10::MemoryFormat::Preserve, "preserve"},
    {c10::MemoryFormat::ChannelsLast, "channels_last"},
    {c10::MemoryFormat::ChannelsLast3d, "channels_last_3d"},
}};

constexpr std::array<std::pair<c10::Layout, const char*>, 1> kLayouts = {{{c10::Layout::Strided, "strided"}}};

// The other namespaces of libtorch serve its own compilers and packed formats, and trust their callers.
constexpr std::array<std::string_view, 3> kNamespaces = {"aten", "otr", "_c10d_functional"};

template <typename Table>
auto look_up(const Table& table, napi_env env, napi_value value, const std::string& what) {
  std::string name = to_string(env, value, what);
  std::string known;
  for (const auto& [entry, entry_name] : table) {
    if (name == entry_name) return entry;
    known += (known.empty() ? "" : ", ") + std::string(entry_name);
  }
  throw BridgeError("TORCH_ARGUMENT_VALUE", what + " is '" + name + "'; possible are " + known);
}

Kind list_kind(const c10::TypePtr& element) {
  switch (element->kind()) {
    case c10::TypeKind::TensorType: return Kind::TensorList;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::IntList;
    case c10::TypeKind::FloatType: return Kind::FloatList;
    case c10::TypeKind::BoolType: return Kind::BoolList;
    case c10::TypeKind::NumberType: return Kind::NumberList;
    case c10::TypeKind::StringType: return Kind::StringList;
    case c10::TypeKind::OptionalType: {
      auto inner = element->castRaw<c10::OptionalType>()->getElementType();
      return inner->kind() == c10::TypeKind::TensorType ? Kind::OptionalTensorList : Kind::Unsupported;
    }
    default: return Kind::Unsupported;
  }
}

Argument classify(const c10::TypePtr& type) {
  switch (type->kind()) {
    case c10::TypeKind::OptionalType: {
      Argument inner = classify(type->castRaw<c10::OptionalType>()->getElementType());
      return {inner.kind, true};
    }
    case c10::TypeKind::TensorType: return {Kind::Tensor, false};
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return {Kind::Int, false};
    case c10::TypeKind::FloatType: return {Kind::Float, false};
    case c10::TypeKind::NumberType: return {Kind::Number, false};
    case c10::TypeKind::BoolType:
    case c10::TypeKind::SymBoolType: return {Kind::Bool, false};
    case c10::TypeKind::StringType: return {Kind::String, false};
    case c10::TypeKind::ScalarTypeType: return {Kind::ScalarType, false};
    case c10::TypeKind::LayoutType: return {Kind::Layout, false};
    case c10::TypeKind::MemoryFormatType: return {Kind::MemoryFormat, false};
    case c10::TypeKind::DeviceObjType: return {Kind::Device, false};
    case c10::TypeKind::GeneratorType: return {Kind::Generator, false};
    case c10::TypeKind::ListType: return {list_kind(type->castRaw<c10::ListType>()->getElementType()), false};
    default: return {Kind::Unsupported, false};
  }
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::Tensor: return "Tensor";
    case Kind::Int: return "int";
    case Kind::Float: return "float";
    case Kind::Number: return "Scalar";
    case Kind::Bool: return "bool";
    case Kind::String: return "str";
    case Kind::ScalarType: return "ScalarType";
    case Kind::Layout: return "Layout";
    case Kind::MemoryFormat: return "MemoryFormat";
    case Kind::Device: return "Device";
    case Kind::Generator: return "Generator";
    case Kind::TensorList: return "Tensor[]";
    case Kind::OptionalTensorList: return "Tensor?[]";
    case Kind::IntList: return "int[]";
    case Kind::FloatList: return "float[]";
    case Kind::BoolList: return "bool[]";
    case Kind::NumberList: return "Scalar[]";
    case Kind::StringList: return "str[]";
    case Kind::Unsupported: break;
  }
  return "unsupported";
}

bool has_empty_default(const c10::Argument& argument) {
  const auto& value = argument.default_value();
  return value.has_value() && value->isList() && value->toListRef().empty();
}

// A list of fixed size (int[2]) also takes one number for all its elements, as in Python. Kernels read all of them
// without asking for the list's length; where the schema says int[1] any length is meant.
template <typename T, typename Convert>
c10::IValue to_list(napi_env env, napi_value value, const c10::Argument& argument, const std::string& what,
                    Convert convert) {
  c10::List<T> list;
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  uint32_t size = argument.N().has_value() ? static_cast<uint32_t>(*argument.N()) : 0;
  bool is_single = size > 0 && type != napi_object;
  uint32_t length = is_single ? 1 : array_length(env, value, what);
  list.reserve(length);
  for (uint32_t i = 0; i < length; ++i) {
    list.push_back(is_single ? convert(env, value, what)
                             : convert(env, element(env, value, i), what + "[" + std::to_string(i) + "]"));
  }
  if (size < 2 || length == size || (length == 0 && has_empty_default(argument))) return list;
  if (length != 1) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", what + " must have " + std::to_string(size) + " elements, not " +
                                                  std::to_string(length));
  }
  T single = list.get(0);
  while (list.size() < size) list.push_back(single);
  return list;
}

c10::IValue to_ivalue(napi_env env, napi_value value, const Argument& kind, const c10::Argument& argument) {
  if (kind.optional && is_nullish(env, value)) return c10::IValue();
  const std::string& what = argument.name();
  switch (kind.kind) {
    case Kind::Tensor: return to_tensor(env, value, what);
    case Kind::Int: return to_int64(env, value, what);
    case Kind::Float: return to_double(env, value, what);
    case Kind::Number: return to_scalar(env, value, what);
    case Kind::Bool: return to_bool(env, value, what);
    case Kind::String: return to_string(env, value, what);
    case Kind::ScalarType: return static_cast<int64_t>(to_scalar_type(env, value, what));
    case Kind::Layout: return static_cast<int64_t>(look_up(kLayouts, env, value, what));
    case Kind::MemoryFormat: return static_cast<int64_t>(look_up(kMemoryFormats, env, value, what));
    case Kind::Device: return to_device(env, value, what);
    case Kind::Generator: return to_generator(env, value, what);
    case Kind::TensorList: return to_list<at::Tensor>(env, value, argument, what, to_tensor);
    case Kind::OptionalTensorList: {
      uint32_t length = array_length(env, value, what);
      c10::List<std::optional<at::Tensor>> list;
      for (uint32_t i = 0; i < length; ++i) {
        napi_value item = element(env, value, i);
        if (is_nullish(env, item)) {
          list.push_back(std::nullopt);
        } else {
          list.push_back(to_tensor(env, item, what));
        }
      }
      return list;
    }
    case Kind::IntList: return to_list<int64_t>(env, value, argument, what, to_int64);
    case Kind::FloatList: return to_list<double>(env, value, argument, what, to_double);
    case Kind::BoolList: return to_list<bool>(env, value, argument, what, to_bool);
    case Kind::NumberList: return to_list<at::Scalar>(env, value, argument, what, to_scalar);
    case Kind::StringList: return to_list<std::string>(env, value, argument, what, to_string);
    case Kind::Unsupported: break;
  }
  throw BridgeError("TORCH_UNSUPPORTED", what + " is of type " + argument.type()->str() + ", which has no JavaScript form");
}

napi_value from_ivalue(napi_env env, c10::IValue value, const c10::TypePtr& type);

napi_value from_list(napi_env env, c10::List<c10::IValue> list, const c10::TypePtr& element_type) {
  napi_value array;
  check(env, napi_create_array_with_length(env, list.size(), &array), "napi_create_array_with_length");
  for (size_t i = 0; i < list.size(); ++i) {
    check(env, napi_set_element(env, array, static_cast<uint32_t>(i), from_ivalue(env, list.extract(i), element_type)),
          "napi_set_element");
  }
  return array;
}

napi_value from_ivalue(napi_env env, c10::IValue value, const c10::TypePtr& type) {
  if (value.isNone()) return null(env);
  if (value.isTensor()) return from_tensor(env, std::move(value).toTensor());
  if (value.isInt()) {
    if (type->kind() == c10::TypeKind::ScalarTypeType) {
      return from_string(env, scalar_type_name(static_cast<at::ScalarType>(value.toInt())));
    }
    return from_int64(env, value.toInt());
  }
  if (value.isDouble()) return from_double(env, value.toDouble());
  if (value.isBool()) return from_bool(env, value.toBool());
  if (value.isString()) return from_string(env, value.toStringRef());
  if (value.isDevice()) return from_string(env, value.toDevice().str());
  if (value.isList()) {
    auto element_type = type->kind() == c10::TypeKind::ListType ? type->castRaw<c10::ListType>()->getElementType() : type;
    return from_list(env, value.toList(), element_type);
  }
  throw BridgeError("TORCH_UNSUPPORTED", "a result of type " + value.tagKind() + " has no JavaScript form");
}

std::string describe_arguments(const torch::jit::Stack& stack) {
  std::string text = "(";
  const char* separator = "";
  for (const auto& value : stack) {
    text += separator;
    separator = ", ";
    if (value.isTensor()) {
      text += describe(value.toTensor());
    } else if (value.isTensorList()) {
      text += "[" + std::to_string(value.toTensorList().size()) + " tensors]";
    } else if (value.isNone()) {
      text += "null";
    } else if (value.isString()) {
      text += "'" + value.toStringRef() + "'";
    } else if (value.isInt() || value.isDouble() || value.isBool() || value.isIntList() || value.isDevice()) {
      std::ostringstream stream;
      stream << value;
      text += stream.str();
    } else {
      text += "...";
    }
  }
  return text + ")";
}

// findOperator(name, overload) -> handle for callOperator. `name` has its namespace: "aten::mm".
napi_value FindOperator(Call& call) {
  call.expect(2, "findOperator(name, overload)");
  napi_env env = call.env;
  auto& environment = *environment_of(env);
  std::string name = to_string(env, call.arguments[0], "name");
  std::string overload = to_string(env, call.arguments[1], "overload");
  std::string full = overload.empty() ? name : name + "." + overload;
  auto known = environment.operator_index.find(full);
  if (known != environment.operator_index.end()) return from_int64(env, known->second);
  if (std::find(kNamespaces.begin(), kNamespaces.end(), name.substr(0, name.find("::"))) == kNamespaces.end()) {
    throw BridgeError("TORCH_UNSUPPORTED", full + " is left out: the namespaces are aten, otr and _c10d_functional");
  }
  if (is_unchecked(name)) {
    throw BridgeError("TORCH_UNSUPPORTED", full + " is left out: it trusts its arguments without checking them");
  }
  auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!handle) throw BridgeError("TORCH_UNKNOWN_OPERATOR", "libtorch has no operator " + full);
  Operator entry{*handle, {}, checks_of(handle->schema()), false};
  for (const auto& argument : handle->schema().arguments()) entry.arguments.push_back(classify(argument.real_type()));
  for (const auto& result : handle->schema().returns()) {
    if (result.alias_info() != nullptr && result.alias_info()->isWrite()) entry.writes = true;
  }
  environment.operators.push_back(std::move(entry));
  auto index = static_cast<uint32_t>(environment.operators.size() - 1);
  environment.operator_index.emplace(full, index);
  return from_int64(env, index);
}

napi_value CallConverted(napi_env env, const Operator& entry, const std::vector<napi_value>& values, size_t first,
                         torch::jit::Stack& stack) {
  const auto& schema = entry.handle.schema();
  const auto& arguments = schema.arguments();
  if (values.size() - first > arguments.size()) {
    throw BridgeError("TORCH_ARGUMENT_COUNT", "takes at most " + std::to_string(arguments.size()) +
                                                  " arguments, not " + std::to_string(values.size() - first));
  }
  stack.reserve(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    napi_valuetype type = napi_undefined;
    if (first + i < values.size()) napi_typeof(env, values[first + i], &type);
    if (type != napi_undefined) {
      stack.push_back(to_ivalue(env, values[first + i], entry.arguments[i], arguments[i]));
    } else if (arguments[i].default_value()) {
      stack.push_back(*arguments[i].default_value());
    } else if (entry.arguments[i].optional) {
      stack.emplace_back();
    } else {
      throw BridgeError("TORCH_ARGUMENT_COUNT", "argument " + arguments[i].name() + " is missing; signature: " + c10::toString(schema));
    }
  }
  std::vector<std::pair<at::TensorImpl*, napi_value>> written;
  if (entry.writes) {
    for (size_t i = 0; i < stack.size() && first + i < values.size(); ++i) {
      const auto* alias = arguments[i].alias_info();
      if (alias != nullptr && alias->isWrite() && stack[i].isTensor()) {
        written.emplace_back(stack[i].toTensor().unsafeGetTensorImpl(), values[first + i]);
      }
    }
  }
  for (const ArgumentCheck check : entry.checks) check(schema, stack);
  torch::jit::Stack results = stack;  // the arguments stay for error messages
  entry.handle.callBoxed(&results);
  const auto& returns = schema.returns();
  if (results.empty()) return undefined(env);
  auto convert = [&](size_t i) -> napi_value {
    if (results[i].isTensor()) {
      // An operator that works in place answers with the very argument, so that ownership stays where it was.
      for (const auto& [tensor, value] : written) {
        if (results[i].toTensor().unsafeGetTensorImpl() == tensor) return value;
      }
    }
    return from_ivalue(env, std::move(results[i]), i < returns.size() ? returns[i].real_type() : c10::AnyType::get());
  };
  if (results.size() == 1) return convert(0);
  napi_value array;
  check(env, napi_create_array_with_length(env, results.size(), &array), "napi_create_array_with_length");
  for (size_t i = 0; i < results.size(); ++i) {
    check(env, napi_set_element(env, array, static_cast<uint32_t>(i), convert(i)), "napi_set_element");
  }
  return array;
}

// callOperator(handle, ...arguments): arguments by position; undefined stands for the default.
napi_value CallOperator(Call& call) {
  napi_env env = call.env;
  if (call.arguments.empty()) throw BridgeError("TORCH_ARGUMENT_COUNT", "callOperator(handle, ...) needs a handle");
  int64_t index = to_int64(env, call.arguments[0], "operator handle");
  auto environment = environment_of(env);
  if (index < 0 || index >= static_cast<int64_t>(environment->operators.size())) {
    throw BridgeError("TORCH_UNKNOWN_OPERATOR", "operator handle " + std::to_string(index) + " does not exist");
  }
  const Operator& entry = environment->operators[static_cast<size_t>(index)];
  const ProfileSpan span(*environment, at::RecordScope::USER_SCOPE, entry.handle.operator_name().name.c_str());
  torch::jit::Stack stack;
  try {
    return CallConverted(env, entry, call.arguments, 1, stack);
  } catch (...) {
    const auto& name = entry.handle.operator_name();
    std::string full = name.overload_name.empty() ? name.name : name.name + "." + name.overload_name;
    throw_current_exception(env, full, describe_arguments(stack));
    return nullptr;
  }
}

void set(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value), "napi_set_named_property");
}

napi_value result_type(napi_env env, const c10::TypePtr& type) {
  Argument kind = classify(type);
  std::string name = kind_name(kind.kind);
  if (kind.kind == Kind::Unsupported && type->kind() == c10::TypeKind::ListType) name = "list";
  return from_string(env, kind.optional ? name + "?" : name);
}

napi_value describe_schema(napi_env env, const c10::FunctionSchema& schema) {
  napi_value object, arguments, returns;
  check(env, napi_create_object(env, &object), "napi_create_object");
  set(env, object, "name", from_string(env, schema.name()));
  set(env, object, "overload", from_string(env, schema.overload_name()));
  set(env, object, "unchecked", from_bool(env, is_unchecked(schema.name())));
  check(env, napi_create_array(env, &arguments), "napi_create_array");
  uint32_t position = 0;
  for (const auto& argument : schema.arguments()) {
    Argument kind = classify(argument.real_type());
    napi_value item;
    check(env, napi_create_object(env, &item), "napi_create_object");
    set(env, item, "name", from_string(env, argument.name()));
    set(env, item, "type", from_string(env, kind.kind == Kind::Unsupported ? argument.real_type()->str() : kind_name(kind.kind)));
    set(env, item, "supported", from_bool(env, kind.kind != Kind::Unsupported));
    set(env, item, "nullable", from_bool(env, kind.optional));
    set(env, item, "hasDefault", from_bool(env, argument.default_value().has_value() || kind.optional));
    set(env, item, "keywordOnly", from_bool(env, argument.kwarg_only()));
    set(env, item, "fixedSize", from_bool(env, argument.N().has_value()));
    check(env, napi_set_element(env, arguments, position++, item), "napi_set_element");
  }
  set(env, object, "arguments", arguments);
  check(env, napi_create_array(env, &returns), "napi_create_array");
  position = 0;
  for (const auto& result : schema.returns()) {
    check(env, napi_set_element(env, returns, position++, result_type(env, result.real_type())), "napi_set_element");
  }
  set(env, object, "returns", returns);
  return object;
}

// operatorSchema(handle) -> the schema of an operator that findOperator returned.
napi_value OperatorSchema(Call& call) {
  call.expect(1, "operatorSchema(handle)");
  int64_t index = to_int64(call.env, call.arguments[0], "operator handle");
  auto& operators = environment_of(call.env)->operators;
  if (index < 0 || index >= static_cast<int64_t>(operators.size())) {
    throw BridgeError("TORCH_UNKNOWN_OPERATOR", "operator handle " + std::to_string(index) + " does not exist");
  }
  return describe_schema(call.env, operators[static_cast<size_t>(index)].handle.schema());
}

// overloads(name) -> overload names of "aten::mm"; empty when there is no such operator.
napi_value Overloads(Call& call) {
  call.expect(1, "overloads(name)");
  std::string name = to_string(call.env, call.arguments[0], "name");
  napi_value array;
  check(call.env, napi_create_array(call.env, &array), "napi_create_array");
  uint32_t position = 0;
  for (const auto& known : c10::Dispatcher::singleton().getRegistrationsForDispatchKey(std::nullopt)) {
    if (known.name != name) continue;
    check(call.env, napi_set_element(call.env, array, position++, from_string(call.env, known.overload_name)), "napi_set_element");
  }
  return array;
}

// allSchemas() -> every schema that the linked libtorch reports, for the generator of the typed surface.
napi_value AllSchemas(Call& call) {
  call.expect(0, "allSchemas()");
  napi_env env = call.env;
  napi_value array;
  check(env, napi_create_array(env, &array), "napi_create_array");
  uint32_t position = 0;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (!handle) continue;
    check(env, napi_set_element(env, array, position++, describe_schema(env, handle->schema())), "napi_set_element");
  }
  return array;
}

}  // namespace

std::vector<Export> dispatcher_exports() {
  return {
      {"findOperator", guarded<FindOperator>}, {"callOperator", guarded<CallOperator>},
      {"operatorSchema", guarded<OperatorSchema>}, {"overloads", guarded<Overloads>},
      {"allSchemas", guarded<AllSchemas>},
  };
}

}  // namespace bridge
