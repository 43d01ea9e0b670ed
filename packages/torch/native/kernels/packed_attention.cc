// Causal attention within each of the rows that lie end to end: block-diagonal, so that nothing is spent across rows or on
// padding. Exact softmax by blocks of queries (Vaswani et al., arXiv 1706.03762); the backward pass makes the
// probabilities again from the logarithm of their sums (Dao et al., arXiv 2205.14135, appendix B.2).
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "attention_scores.h"
#include "float_arguments.h"
#include "float_lanes.h"
#include "kernels.h"
#include "small_product.h"

namespace kernels {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Queries that are computed together.
constexpr int64_t kQueries = 32;

// A head of a row: what one thread computes by itself.
struct Task {
  int64_t start, length, head;
};

struct Shape {
  int64_t heads, key_value_heads, size;
  double scale;
  int64_t window;  // a query sees this many tokens up to itself; 0: all
  double softcap;  // c of c tanh(z / c) on the scaled products z of queries and keys; 0: none

  int64_t first_key(int64_t position) const { return window == 0 ? 0 : std::max<int64_t>(0, position - window + 1); }
  // From one token to the next, and where the first of a task lies.
  int64_t query_stride() const { return heads * size; }
  int64_t key_stride() const { return key_value_heads * size; }
  int64_t query_start(const Task& task) const { return task.start * query_stride() + task.head * size; }
  int64_t key_start(const Task& task) const {
    return task.start * key_stride() + task.head / (heads / key_value_heads) * size;
  }
};

// The longest first, because the last to end decides.
std::vector<Task> tasks_of(at::IntArrayRef lengths, int64_t heads) {
  std::vector<Task> tasks;
  int64_t start = 0;
  for (const int64_t length : lengths) {
    for (int64_t head = 0; head < heads && length > 0; ++head) tasks.push_back({start, length, head});
    start += length;
  }
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.length > b.length; });
  return tasks;
}

// Each thread takes the next task that is left, so that rows of different lengths keep all threads busy.
template <typename Body>
void for_tasks(const std::vector<Task>& tasks, const Body& body) {
  std::atomic<size_t> next{0};
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), tasks.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t worker = begin; worker < end; ++worker) {
      for (size_t task = next++; task < tasks.size(); task = next++) body(tasks[task]);
    }
  });
}

// One head's vectors of `count` tokens, `stride` apart, as rows of `width` numbers, zero beyond `size`.
template <typename T>
void copy_rows(const T* from, int64_t stride, int64_t count, int64_t size, Wide<T>* to, int64_t width) {
  for (int64_t row = 0; row < count; ++row) {
    Wide<T>* line = to + row * width;
    for_lanes<T>(size, [&](int64_t start, auto lanes) { load(from + row * stride + start, lanes).store(line + start, lanes); });
    std::fill(line + size, line + width, Wide<T>(0));
  }
}

// The same, as columns: to (size, width), zero beyond `count`.
template <typename T>
void copy_columns(const T* from, int64_t stride, int64_t count, int64_t size, Wide<T>* to, int64_t width) {
  for (int64_t place = 0; place < size; ++place) {
    Wide<T>* line = to + place * width;
    for (int64_t column = 0; column < count; ++column) line[column] = static_cast<Wide<T>>(from[column * stride + place]);
    std::fill(line + count, line + width, Wide<T>(0));
  }
}

// Keys that the queries [first, end) of a row see between them, cut at whole columns of a product.
template <typename T>
struct KeyRange {
  int64_t begin, columns;

  KeyRange(const Shape& shape, int64_t first, int64_t end)
      : begin(shape.first_key(first) / kColumns<T> * kColumns<T>), columns(padded<T>(end - begin)) {}
};

// Zeros for as long as a task runs, from the allocator of tensors, whose pages stay.
template <typename W>
class Scratch {
 public:
  explicit Scratch(int64_t count) : memory_(c10::GetCPUAllocator()->allocate(count * sizeof(W))) {
    std::fill(data(), data() + count, W(0));
  }
  W* data() { return static_cast<W*>(memory_.get()); }

 private:
  c10::DataPtr memory_;
};

template <typename T>
void forward_task(const Task& task, const Shape& shape, const T* query, const T* key, const T* value, T* output,
                  Wide<T>* log_sums) {
  using W = Wide<T>;
  const int64_t size = shape.size, width = padded<T>(size), columns = padded<T>(task.length);
  const int64_t query_stride = shape.query_stride(), query_start = shape.query_start(task);
  const int64_t key_stride = shape.key_stride(), key_start = shape.key_start(task);
  Scratch<W> keys(size * columns), values(columns * width), queries(kQueries * width), scores(kQueries * columns),
      mixed(kQueries * width);
  copy_columns(key + key_start, key_stride, task.length, size, keys.data(), columns);
  copy_rows(value + key_start, key_stride, task.length, size, values.data(), width);
  for (int64_t first = 0; first < task.length; first += kQueries) {
    const int64_t count = std::min(kQueries, task.length - first);
    const KeyRange<T> range(shape, first, first + count);
    copy_rows(query + query_start + first * query_stride, query_stride, count, size, queries.data(), width);
    multiply<T>(queries.data(), width, 1, keys.data() + range.begin, columns, scores.data(), columns, count, range.columns,
                size, false);
    W inverse_sums[kQueries];
    for (int64_t row = 0; row < count; ++row) {
      W* line = scores.data() + row * columns;
      const int64_t seen_begin = shape.first_key(first + row) - range.begin, seen_end = first + row + 1 - range.begin;
      if (shape.softcap > 0) cap<T>(line, range.columns, static_cast<W>(shape.scale), static_cast<W>(shape.softcap), nullptr);
      const W scale = shape.softcap > 0 ? W(1) : static_cast<W>(shape.scale);
      const W largest = largest_of<T>(line + seen_begin, seen_end - seen_begin) * scale;
      weigh<T>(line, range.columns, seen_begin, seen_end, scale, largest);
      Lanes<T> sum(W(0));
      for_lanes<T>(range.columns, [&](int64_t start, auto lanes) { sum = sum + load<W>(line + start, lanes); });
      const W total = sum_of_lanes<T>(sum);
      inverse_sums[row] = 1 / total;
      log_sums[task.head + (task.start + first + row) * shape.heads] = largest + std::log(total);
    }
    multiply<T>(scores.data(), columns, 1, values.data() + range.begin * width, width, mixed.data(), width, count, width,
                std::min(range.columns, first + count - range.begin), false);
    for (int64_t row = 0; row < count; ++row) {
      T* to = output + query_start + (first + row) * query_stride;
      for_lanes<T>(size, [&](int64_t start, auto lanes) {
        store(to + start, load<W>(mixed.data() + row * width + start, lanes) * Lanes<T>(inverse_sums[row]), lanes);
      });
    }
  }
}

// Key and value gradients are of one query head; those of a group are summed by the caller.
template <typename T>
void backward_task(const Task& task, const Shape& shape, const T* output_gradient, const T* query, const T* key, const T* value,
                   const Wide<T>* log_sums, T* query_gradient, Wide<T>* key_gradient,
                   Wide<T>* value_gradient) {
  using W = Wide<T>;
  const int64_t size = shape.size, width = padded<T>(size), columns = padded<T>(task.length);
  const int64_t query_stride = shape.query_stride(), query_start = shape.query_start(task);
  const int64_t key_stride = shape.key_stride(), key_start = shape.key_start(task);
  const W scale = static_cast<W>(shape.scale), softcap = static_cast<W>(shape.softcap);
  Scratch<W> factors(softcap > 0 ? columns : 0);
  Scratch<W> keys(columns * width), key_columns(size * columns), value_columns(size * columns);
  Scratch<W> key_sums(columns * width), value_sums(columns * width);
  Scratch<W> queries(kQueries * width), outer(kQueries * width), weights(kQueries * columns), slopes(kQueries * columns),
      mixed(kQueries * width);
  copy_rows(key + key_start, key_stride, task.length, size, keys.data(), width);
  copy_columns(key + key_start, key_stride, task.length, size, key_columns.data(), columns);
  copy_columns(value + key_start, key_stride, task.length, size, value_columns.data(), columns);
  for (int64_t first = 0; first < task.length; first += kQueries) {
    const int64_t count = std::min(kQueries, task.length - first);
    const KeyRange<T> range(shape, first, first + count);
    const int64_t seen = std::min(range.columns, first + count - range.begin);
    const int64_t here = query_start + first * query_stride;
    copy_rows(query + here, query_stride, count, size, queries.data(), width);
    copy_rows(output_gradient + here, query_stride, count, size, outer.data(), width);
    multiply<T>(queries.data(), width, 1, key_columns.data() + range.begin, columns, weights.data(), columns, count,
                range.columns, size, false);
    multiply<T>(outer.data(), width, 1, value_columns.data() + range.begin, columns, slopes.data(), columns, count,
                range.columns, size, false);
    for (int64_t row = 0; row < count; ++row) {
      W* weight = weights.data() + row * columns;
      W* slope = slopes.data() + row * columns;
      if (softcap > 0) cap<T>(weight, range.columns, scale, softcap, factors.data());
      weigh<T>(weight, range.columns, shape.first_key(first + row) - range.begin, first + row + 1 - range.begin,
               softcap > 0 ? W(1) : scale, log_sums[task.head + (task.start + first + row) * shape.heads]);
      Lanes<T> products(W(0));
      for_lanes<T>(range.columns, [&](int64_t start, auto lanes) {
        products = at::vec::fmadd(load<W>(weight + start, lanes), load<W>(slope + start, lanes), products);
      });
      const Lanes<T> mean(sum_of_lanes<T>(products));
      for_lanes<T>(range.columns, [&](int64_t start, auto lanes) {
        const Lanes<T> share = load<W>(weight + start, lanes);
        const Lanes<T> factor = softcap > 0 ? load<W>(factors.data() + start, lanes) : Lanes<T>(scale);
        (share * (load<W>(slope + start, lanes) - mean) * factor).store(slope + start, lanes);
      });
    }
    multiply<T>(weights.data(), 1, columns, outer.data(), width, value_sums.data() + range.begin * width, width, seen, width,
                count, true);
    multiply<T>(slopes.data(), 1, columns, queries.data(), width, key_sums.data() + range.begin * width, width, seen, width,
                count, true);
    multiply<T>(slopes.data(), columns, 1, keys.data() + range.begin * width, width, mixed.data(), width, count, width, seen,
                false);
    for (int64_t row = 0; row < count; ++row) {
      T* to = query_gradient + here + row * query_stride;
      for_lanes<T>(size, [&](int64_t start, auto lanes) {
        store(to + start, load<W>(mixed.data() + row * width + start, lanes), lanes);
      });
    }
  }
  for (int64_t row = 0; row < task.length; ++row) {
    const int64_t to = query_start + row * query_stride;
    std::copy_n(key_sums.data() + row * width, size, key_gradient + to);
    std::copy_n(value_sums.data() + row * width, size, value_gradient + to);
  }
}

Shape checked_shape(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, at::IntArrayRef lengths,
                    std::optional<double> scale, int64_t window, double softcap) {
  check_float("packed_attention", "query", query);
  for (const auto& [name, tensor] : {std::pair{"key", &key}, std::pair{"value", &value}}) {
    check_float("packed_attention", name, *tensor);
    check_same_device("packed_attention", name, *tensor, query);
    TORCH_CHECK_TYPE(tensor->scalar_type() == query.scalar_type(), "packed_attention: ", name, " must have the query's dtype");
  }
  TORCH_CHECK_VALUE(query.dim() == 3 && key.dim() == 3 && key.sizes() == value.sizes() && key.size(0) == query.size(0) &&
                        key.size(2) == query.size(2),
                    "packed_attention: query must be of shape (T, H, D), key and value of (T, KV, D), not ", query.sizes(), ", ",
                    key.sizes(), " and ", value.sizes());
  TORCH_CHECK_VALUE(query.size(1) > 0 && key.size(1) > 0 && query.size(1) % key.size(1) == 0 && query.size(2) > 0,
                    "packed_attention: the number of query heads must be a multiple of that of key-value heads, not ",
                    query.size(1), " and ", key.size(1), ", and a head must not be empty");
  // Subtracted from the tokens that are left, because a sum could overflow.
  int64_t left = query.size(0);
  for (const int64_t length : lengths) {
    TORCH_CHECK_VALUE(length >= 0 && length <= left, "packed_attention: the lengths ", lengths, " do not add up to the ",
                      query.size(0), " tokens");
    left -= length;
  }
  TORCH_CHECK_VALUE(left == 0, "packed_attention: the lengths ", lengths, " do not add up to the ", query.size(0), " tokens");
  TORCH_CHECK_VALUE(window >= 0, "packed_attention: window must be 0 (all tokens) or more");
  TORCH_CHECK_VALUE(!scale || (std::isfinite(*scale) && *scale >= 0), "packed_attention: scale must be finite and not negative");
  TORCH_CHECK_VALUE(std::isfinite(softcap) && softcap >= 0, "packed_attention: softcap must be finite and not negative");
  return {query.size(1), key.size(1), query.size(2),
          scale.value_or(1 / std::sqrt(static_cast<double>(query.size(2)))), window, softcap};
}

// (output like the query, logarithm of each query's sum of exponentials (T, H))
std::tuple<at::Tensor, at::Tensor> forward(const at::Tensor& given_query, const at::Tensor& given_key,
                                           const at::Tensor& given_value, at::IntArrayRef lengths, const Shape& shape) {
  at::Tensor query = readable(given_query), key = readable(given_key), value = readable(given_value);
  at::Tensor output = at::empty_like(query);
  at::Tensor log_sums = at::empty({query.size(0), shape.heads}, query.options().dtype(wide_type(query)));
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, query.scalar_type(), "packed_attention", [&] {
    using T = scalar_t;
    for_tasks(tasks_of(lengths, shape.heads), [&](const Task& task) {
      forward_task<T>(task, shape, query.const_data_ptr<T>(), key.const_data_ptr<T>(), value.const_data_ptr<T>(),
                      output.mutable_data_ptr<T>(), log_sums.mutable_data_ptr<Wide<T>>());
    });
  });
  return {output, log_sums};
}

// Sums the gradients (T, H, D) of the query heads that share a key-value head.
at::Tensor sum_groups(const at::Tensor& gradient, const at::Tensor& like) {
  const int64_t group = gradient.size(1) / like.size(1);
  if (group == 1) return gradient.to(like.scalar_type());
  return gradient.view({gradient.size(0), like.size(1), group, gradient.size(2)}).sum(2).to(like.scalar_type());
}

variable_list backward(const at::Tensor& given_gradient, const at::Tensor& given_query, const at::Tensor& given_key,
                       const at::Tensor& given_value, const at::Tensor& log_sums,
                       at::IntArrayRef lengths, const Shape& shape) {
  at::Tensor gradient = readable(given_gradient);
  at::Tensor query = readable(given_query), key = readable(given_key), value = readable(given_value);
  at::Tensor query_gradient = at::empty_like(query);
  at::Tensor key_gradient = at::empty(query.sizes(), log_sums.options()), value_gradient = at::empty_like(key_gradient);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, query.scalar_type(), "packed_attention_backward", [&] {
    using T = scalar_t;
    for_tasks(tasks_of(lengths, shape.heads), [&](const Task& task) {
      backward_task<T>(task, shape, gradient.const_data_ptr<T>(), query.const_data_ptr<T>(), key.const_data_ptr<T>(),
                       value.const_data_ptr<T>(), log_sums.const_data_ptr<Wide<T>>(),
                       query_gradient.mutable_data_ptr<T>(), key_gradient.mutable_data_ptr<Wide<T>>(),
                       value_gradient.mutable_data_ptr<Wide<T>>());
    });
  });
  return {query_gradient, sum_groups(key_gradient, key), sum_groups(value_gradient, value)};
}

struct PackedAttention : torch::autograd::Function<PackedAttention> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                            at::IntArrayRef lengths, double scale, int64_t window, double softcap) {
    const Shape shape = {query.size(1), key.size(1), query.size(2), scale, window, softcap};
    auto [output, log_sums] = kernels::forward(query, key, value, lengths, shape);
    context->save_for_backward({query, key, value, log_sums});
    context->saved_data["lengths"] = lengths.vec();
    context->saved_data["scale"] = scale;
    context->saved_data["window"] = window;
    context->saved_data["softcap"] = softcap;
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative("packed_attention");
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &query = saved[0], &key = saved[1], &value = saved[2];
    const Shape shape = {query.size(1), key.size(1), query.size(2), context->saved_data["scale"].toDouble(),
                         context->saved_data["window"].toInt(), context->saved_data["softcap"].toDouble()};
    const std::vector<int64_t> lengths = context->saved_data["lengths"].toIntVector();
    variable_list results = kernels::backward(gradients[0], query, key, value, saved[3], lengths, shape);
    results.resize(7);
    return results;
  }
};

at::Tensor packed_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, at::IntArrayRef lengths,
                            std::optional<double> scale, int64_t window, double softcap) {
  return std::get<0>(forward(query, key, value, lengths, checked_shape(query, key, value, lengths, scale, window, softcap)));
}

at::Tensor packed_attention_recorded(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                                     at::IntArrayRef lengths, std::optional<double> scale, int64_t window,
                                     double softcap) {
  const Shape shape = checked_shape(query, key, value, lengths, scale, window, softcap);
  return PackedAttention::apply(query, key, value, lengths, shape.scale, window, softcap);
}

at::Tensor packed_attention_composed(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                                     at::IntArrayRef lengths, std::optional<double> scale, int64_t window,
                                     double softcap) {
  const Shape shape = checked_shape(query, key, value, lengths, scale, window, softcap);
  std::vector<at::Tensor> outputs;
  int64_t start = 0;
  for (size_t row = 0; row < lengths.size();) {
    const int64_t length = lengths[row];
    int64_t rows = 0;
    // Neighbours of one length are computed together.
    for (; row < lengths.size() && lengths[row] == length; ++row) ++rows;
    const auto batched = [&](const at::Tensor& heads) {
      return heads.narrow(0, start, rows * length).reshape({rows, length, heads.size(1), heads.size(2)}).transpose(1, 2);
    };
    std::optional<at::Tensor> mask;
    if (window > 0 && window < length) {
      const at::Tensor seen = at::ones({length, length}, query.options().dtype(at::kBool));
      mask = seen.tril().logical_and(seen.triu(1 - window));
    }
    const at::Tensor attended =
        softcap > 0 ? capped_attention(batched(query), batched(key), batched(value), mask, shape.scale, softcap)
                    : at::scaled_dot_product_attention(batched(query), batched(key), batched(value), mask, 0, !mask,
                                                       shape.scale, shape.heads != shape.key_value_heads);
    outputs.push_back(attended.transpose(1, 2).reshape({rows * length, shape.heads, shape.size}));
    start += rows * length;
  }
  return outputs.empty() ? at::empty_like(query) : at::cat(outputs, 0);
}

}  // namespace

// packed_attention(query (T, H, D), key and value (T, KV, D), lengths of the rows, scale (1 / sqrt(D) unless given), window,
// softcap) -> (T, H, D). A token attends to itself and the tokens before it in its row, `window` of them at most (0: all);
// query head h reads key-value head h KV / H; softcap c bends scaled products z to c tanh(z / c) (0: not). Computed in float32 (float64 for float64). The overload `composed` is what other
// devices than CPU use: the same function of ATen operators.
void define_packed_attention(torch::Library& library) {
  const std::string arguments = "(Tensor query, Tensor key, Tensor value, int[] lengths, *, float? scale=None, int window=0, float softcap=0) -> Tensor";
  library.def(("packed_attention" + arguments).c_str());
  library.def(("packed_attention.composed" + arguments).c_str());
  library.impl("packed_attention", c10::DispatchKey::CPU, TORCH_FN(packed_attention));
  library.impl("packed_attention", c10::DispatchKey::AutogradCPU, TORCH_FN(packed_attention_recorded));
  library.impl("packed_attention", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(packed_attention_composed));
  library.impl("packed_attention.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(packed_attention_composed));
}

}  // namespace kernels
