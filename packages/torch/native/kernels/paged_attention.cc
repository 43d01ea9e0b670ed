// Attention to keys and values that lie in blocks of a cache: each row of tokens has a table of its blocks, which several
// rows may share (Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention", arXiv
// 2309.06180). A row may bring any number of new tokens: a whole prompt, the rest of one, or the next token alone.
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/TensorIndexing.h>
#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "attention_scores.h"
#include "float_arguments.h"
#include "float_lanes.h"
#include "kernels.h"
#include "small_product.h"

namespace kernels {

namespace {

// Tokens of a block: whole columns of a product in every dtype.
constexpr int64_t kBlock = 32;
// Rows of queries, tokens times the heads that share a key head, that are computed together where there are several tokens.
constexpr int64_t kQueryRows = 32;

// The new tokens of a row, which are its last.
struct Segment {
  int64_t start;  // where they lie among all new tokens
  int64_t count;
  int64_t length;  // tokens of the row, the new ones included
  const int32_t* table;

  int64_t position(int64_t token) const { return length - count + token; }
};

struct Shape {
  int64_t heads, key_value_heads, size;
  double scale, softcap;
  int64_t window;

  int64_t group() const { return heads / key_value_heads; }
  int64_t first_key(int64_t position) const { return window == 0 ? 0 : std::max<int64_t>(0, position - window + 1); }
  // Where a head's part of a block lies in either cache.
  int64_t block_start(int64_t block, int64_t head) const { return (block * key_value_heads + head) * size * kBlock; }
};

// The tokens [first, first + count) of a segment, with the query heads of one key head.
struct Task {
  const Segment* segment;
  int64_t first, count, head;
};

// Numbers that one thread computes with.
template <typename W>
class Workspace {
 public:
  Workspace(int64_t rows, int64_t columns, int64_t size, int64_t width)
      : memory_(c10::GetCPUAllocator()->allocate((rows * (size + columns + width) + kBlock * (size + width)) * sizeof(W))) {
    queries = static_cast<W*>(memory_.get());
    scores = queries + rows * size;
    mixed = scores + rows * columns;
    keys = mixed + rows * width;
    values = keys + size * kBlock;
    std::fill(values, values + kBlock * width, W(0));
  }

  W *queries, *scores, *mixed, *keys, *values;

 private:
  c10::DataPtr memory_;
};

template <typename T>
void widen(const T* from, Wide<T>* to, int64_t count) {
  for_lanes<T>(count, [&](int64_t start, auto lanes) { load(from + start, lanes).store(to + start, lanes); });
}

template <typename T>
void attend_task(const Task& task, const Shape& shape, const T* query, const T* key_cache, const T* value_cache, T* output,
                 Workspace<Wide<T>>& work) {
  using W = Wide<T>;
  constexpr bool is_wide = std::is_same_v<T, W>;
  const Segment& segment = *task.segment;
  const int64_t size = shape.size, width = padded<T>(size), group = shape.group(), rows = task.count * group;
  const int64_t end = segment.position(task.first + task.count - 1) + 1;
  const int64_t first_block = shape.first_key(segment.position(task.first)) / kBlock, last_block = (end - 1) / kBlock;
  const int64_t begin = first_block * kBlock, columns = (last_block + 1) * kBlock - begin;
  const auto head_start = [&](int64_t token) { return ((segment.start + task.first + token) * shape.heads + task.head * group) * size; };
  for (int64_t token = 0; token < task.count; ++token) widen(query + head_start(token), work.queries + token * group * size, group * size);

  for (int64_t block = first_block; block <= last_block; ++block) {
    const T* stored = key_cache + shape.block_start(segment.table[block], task.head);
    const W* keys = work.keys;
    if constexpr (is_wide) keys = stored;
    else widen(stored, work.keys, size * kBlock);
    multiply<T>(work.queries, size, 1, keys, kBlock, work.scores + (block - first_block) * kBlock, columns, rows, kBlock, size,
                false);
  }
  for (int64_t row = 0; row < rows; ++row) {
    W* line = work.scores + row * columns;
    const int64_t position = segment.position(task.first + row / group);
    const int64_t seen_begin = shape.first_key(position) - begin, seen_end = position + 1 - begin;
    if (shape.softcap > 0) {
      cap<T>(line + seen_begin, seen_end - seen_begin, static_cast<W>(shape.scale), static_cast<W>(shape.softcap), nullptr);
    }
    const W scale = shape.softcap > 0 ? W(1) : static_cast<W>(shape.scale);
    weigh<T>(line, columns, seen_begin, seen_end, scale, largest_of<T>(line + seen_begin, seen_end - seen_begin) * scale);
  }
  for (int64_t block = first_block; block <= last_block; ++block) {
    const T* stored = value_cache + shape.block_start(segment.table[block], task.head);
    // Nothing was written behind the last token, and 0 times what stands there might be no number.
    const int64_t tokens = std::min(kBlock, end - block * kBlock);
    const W* values = work.values;
    bool is_dense = false;
    if constexpr (is_wide) is_dense = width == size;
    if (is_dense) values = reinterpret_cast<const W*>(stored);
    else for (int64_t token = 0; token < tokens; ++token) widen(stored + token * size, work.values + token * width, size);
    multiply<T>(work.scores + (block - first_block) * kBlock, columns, 1, values, width, work.mixed, width, rows, width, tokens,
                block > first_block);
  }
  for (int64_t row = 0; row < rows; ++row) {
    const W* line = work.scores + row * columns;
    Lanes<T> sums(W(0));
    for_lanes<T>(columns, [&](int64_t start, auto lanes) { sums = sums + load<W>(line + start, lanes); });
    const Lanes<T> inverse(1 / sum_of_lanes<T>(sums));
    T* to = output + head_start(row / group) + row % group * size;
    for_lanes<T>(size, [&](int64_t start, auto lanes) { store(to + start, load<W>(work.mixed + row * width + start, lanes) * inverse, lanes); });
  }
}

// The largest first, because the last to end decides.
std::vector<Task> tasks_of(const std::vector<Segment>& segments, const Shape& shape) {
  const int64_t tile = std::max<int64_t>(1, kQueryRows / shape.group());
  std::vector<Task> tasks;
  for (const Segment& segment : segments) {
    for (int64_t head = 0; head < shape.key_value_heads; ++head) {
      for (int64_t first = 0; first < segment.count; first += tile) {
        tasks.push_back({&segment, first, std::min(tile, segment.count - first), head});
      }
    }
  }
  const auto cost = [](const Task& task) { return task.count * task.segment->position(task.first + task.count); };
  std::stable_sort(tasks.begin(), tasks.end(), [&](const Task& a, const Task& b) { return cost(a) > cost(b); });
  return tasks;
}

template <typename T>
void attend(const std::vector<Segment>& segments, const Shape& shape, const at::Tensor& query, const at::Tensor& key_cache,
            const at::Tensor& value_cache, const at::Tensor& output) {
  const std::vector<Task> tasks = tasks_of(segments, shape);
  int64_t most_rows = 0, most_columns = 0;
  for (const Task& task : tasks) {
    const int64_t end = task.segment->position(task.first + task.count);
    most_rows = std::max(most_rows, task.count * shape.group());
    most_columns = std::max(most_columns, (end + kBlock - 1) / kBlock * kBlock);
  }
  std::atomic<size_t> next{0};
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), tasks.size()), 1, [&](int64_t begin, int64_t end) {
    Workspace<Wide<T>> work(most_rows, most_columns, shape.size, padded<T>(shape.size));
    for (int64_t worker = begin; worker < end; ++worker) {
      for (size_t task = next++; task < tasks.size(); task = next++) {
        attend_task<T>(tasks[task], shape, query.const_data_ptr<T>(), key_cache.const_data_ptr<T>(),
                       value_cache.const_data_ptr<T>(), output.mutable_data_ptr<T>(), work);
      }
    }
  });
}

void check_caches(const char* kernel, const at::Tensor& key_cache, const at::Tensor& value_cache, const at::Tensor& tables,
                  at::IntArrayRef counts, at::IntArrayRef lengths, const char* name, const at::Tensor& heads) {
  for (const auto& [what, tensor] : {std::pair{"key_cache", &key_cache}, {"value_cache", &value_cache}, {name, &heads}}) {
    check_float(kernel, what, *tensor);
    check_same_device(kernel, what, *tensor, key_cache);
    TORCH_CHECK_TYPE(tensor->scalar_type() == key_cache.scalar_type(), kernel, ": ", what, " must have the cache's dtype");
  }
  TORCH_CHECK_VALUE(key_cache.dim() == 4 && key_cache.size(3) == kBlock && key_cache.size(1) > 0 && key_cache.size(2) > 0 &&
                        value_cache.sizes() ==
                            at::IntArrayRef({key_cache.size(0), key_cache.size(1), kBlock, key_cache.size(2)}) &&
                        key_cache.is_contiguous() && value_cache.is_contiguous(),
                    kernel, ": key_cache must be of shape (blocks, KV, D, ", kBlock, ") and value_cache of shape (blocks, KV, ",
                    kBlock, ", D), both contiguous, not ", key_cache.sizes(), " and ", value_cache.sizes());
  TORCH_CHECK_TYPE(tables.defined() && tables.layout() == at::kStrided && tables.scalar_type() == at::kInt, kernel,
                   ": tables must be a dense int32 tensor");
  check_same_device(kernel, "tables", tables, key_cache);
  TORCH_CHECK_VALUE(tables.dim() == 2 && tables.is_contiguous() && static_cast<size_t>(tables.size(0)) == counts.size() &&
                        counts.size() == lengths.size(),
                    kernel, ": there must be a contiguous table, a count and a length for each row, not tables of shape ",
                    tables.sizes(), ", ", counts.size(), " counts and ", lengths.size(), " lengths");
  int64_t total = 0;
  for (size_t row = 0; row < counts.size(); ++row) {
    TORCH_CHECK_VALUE(counts[row] >= 1 && counts[row] <= lengths[row] && lengths[row] <= tables.size(1) * kBlock, kernel,
                      ": row ", row, " has ", counts[row], " new tokens of ", lengths[row], " in ", tables.size(1),
                      " blocks of ", kBlock);
    total += counts[row];
  }
  TORCH_CHECK_VALUE(heads.dim() == 3 && heads.size(0) == total && heads.size(2) == key_cache.size(2), kernel, ": ", name,
                    " must hold ", total, " tokens of heads of ", key_cache.size(2), ", not ", heads.sizes());
}

std::vector<Segment> segments_of(const char* kernel, const at::Tensor& tables, at::IntArrayRef counts, at::IntArrayRef lengths,
                                 int64_t blocks) {
  std::vector<Segment> segments;
  int64_t start = 0;
  for (size_t row = 0; row < counts.size(); ++row) {
    const int32_t* table = tables.const_data_ptr<int32_t>() + row * tables.size(1);
    for (int64_t place = 0; place * kBlock < lengths[row]; ++place) {
      TORCH_CHECK_VALUE(table[place] >= 0 && table[place] < blocks, kernel, ": row ", row, " names block ", table[place], " of ",
                        blocks);
    }
    segments.push_back({start, counts[row], lengths[row], table});
    start += counts[row];
  }
  return segments;
}

void check_key_and_value(const at::Tensor& key_cache, const at::Tensor& key, const at::Tensor& value) {
  TORCH_CHECK_VALUE(key.sizes() == value.sizes() && key.size(1) == key_cache.size(1),
                    "store_in_blocks_: key and value must be of shape (T, ", key_cache.size(1), ", ", key_cache.size(2),
                    "), not ", key.sizes(), " and ", value.sizes());
}

void store_in_blocks_(const at::Tensor& key_cache, const at::Tensor& value_cache, const at::Tensor& given_key,
                      const at::Tensor& given_value, const at::Tensor& tables, at::IntArrayRef counts,
                      at::IntArrayRef lengths) {
  check_caches("store_in_blocks_", key_cache, value_cache, tables, counts, lengths, "key", given_key);
  check_caches("store_in_blocks_", key_cache, value_cache, tables, counts, lengths, "value", given_value);
  check_key_and_value(key_cache, given_key, given_value);
  const std::vector<Segment> segments = segments_of("store_in_blocks_", tables, counts, lengths, key_cache.size(0));
  const at::Tensor key = readable(given_key), value = readable(given_value);
  const int64_t heads = key.size(1), size = key.size(2);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, key.scalar_type(), "store_in_blocks_", [&] {
    const scalar_t *keys = key.const_data_ptr<scalar_t>(), *values = value.const_data_ptr<scalar_t>();
    scalar_t *key_blocks = key_cache.mutable_data_ptr<scalar_t>(), *value_blocks = value_cache.mutable_data_ptr<scalar_t>();
    // A few tokens are stored sooner than another thread is woken.
    const int64_t grain = 1 + static_cast<int64_t>(segments.size()) * (1 << 15) / std::max<int64_t>(1, key.numel());
    at::parallel_for(0, segments.size(), grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const Segment& segment = segments[row];
        for (int64_t token = 0; token < segment.count; ++token) {
          const int64_t position = segment.position(token), block = segment.table[position / kBlock], place = position % kBlock;
          for (int64_t head = 0; head < heads; ++head) {
            const int64_t from = ((segment.start + token) * heads + head) * size, to = (block * heads + head) * size * kBlock;
            for (int64_t at = 0; at < size; ++at) key_blocks[to + at * kBlock + place] = keys[from + at];
            std::copy_n(values + from, size, value_blocks + to + place * size);
          }
        }
      }
    });
  });
}

// Where each new token's key and value lie: its block, and its place in there, both (T) int64.
std::pair<at::Tensor, at::Tensor> places_of(const at::Tensor& tables, at::IntArrayRef counts, at::IntArrayRef lengths) {
  std::vector<int64_t> rows, positions;
  for (size_t row = 0; row < counts.size(); ++row) {
    for (int64_t position = lengths[row] - counts[row]; position < lengths[row]; ++position) {
      rows.push_back(row * tables.size(1) + position / kBlock);
      positions.push_back(position % kBlock);
    }
  }
  const auto indices = [&](const std::vector<int64_t>& numbers) { return at::tensor(numbers, at::kLong).to(tables.device()); };
  return {tables.view({-1}).index_select(0, indices(rows)).to(at::kLong), indices(positions)};
}

void store_in_blocks_composed(const at::Tensor& key_cache, const at::Tensor& value_cache, const at::Tensor& key, const at::Tensor& value,
                              const at::Tensor& tables, at::IntArrayRef counts, at::IntArrayRef lengths) {
  check_caches("store_in_blocks_", key_cache, value_cache, tables, counts, lengths, "key", key);
  check_caches("store_in_blocks_", key_cache, value_cache, tables, counts, lengths, "value", value);
  check_key_and_value(key_cache, key, value);
  if (counts.empty()) return;
  using at::indexing::Slice;
  const auto [blocks, places] = places_of(tables, counts, lengths);
  at::Tensor keys = key_cache, values = value_cache;
  keys.index_put_({blocks, Slice(), Slice(), places}, key);
  values.index_put_({blocks, Slice(), places}, value);
}

Shape checked_shape(const at::Tensor& query, const at::Tensor& key_cache, const at::Tensor& value_cache, const at::Tensor& tables,
                    at::IntArrayRef counts, at::IntArrayRef lengths, std::optional<double> scale, int64_t window,
                    double softcap) {
  check_caches("paged_attention", key_cache, value_cache, tables, counts, lengths, "query", query);
  TORCH_CHECK_VALUE(query.size(1) > 0 && query.size(1) % key_cache.size(1) == 0,
                    "paged_attention: the number of query heads must be a multiple of that of key-value heads, not ",
                    query.size(1), " and ", key_cache.size(1));
  TORCH_CHECK_VALUE(window >= 0 && softcap >= 0 && std::isfinite(softcap),
                    "paged_attention: window and softcap must be 0 or more, not ", window, " and ", softcap);
  const double usual = 1 / std::sqrt(static_cast<double>(query.size(2)));
  return {query.size(1), key_cache.size(1), query.size(2), scale.value_or(usual), softcap, window};
}

at::Tensor paged_attention(const at::Tensor& given_query, const at::Tensor& key_cache, const at::Tensor& value_cache,
                           const at::Tensor& tables, at::IntArrayRef counts, at::IntArrayRef lengths,
                           std::optional<double> scale, int64_t window, double softcap) {
  const Shape shape = checked_shape(given_query, key_cache, value_cache, tables, counts, lengths, scale, window, softcap);
  const std::vector<Segment> segments = segments_of("paged_attention", tables, counts, lengths, key_cache.size(0));
  const at::Tensor query = readable(given_query);
  at::Tensor output = at::empty_like(query);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, query.scalar_type(), "paged_attention", [&] {
    attend<scalar_t>(segments, shape, query, key_cache, value_cache, output);
  });
  return output;
}

// Rows [first, first + rows) of as many new tokens each, from the token `start` on.
at::Tensor attend_composed(const at::Tensor& query, const at::Tensor& key_cache, const at::Tensor& value_cache,
                           const at::Tensor& tables, at::IntArrayRef lengths, const Shape& shape, int64_t first, int64_t rows,
                           int64_t start, int64_t count) {
  const int64_t longest = *std::max_element(lengths.begin() + first, lengths.begin() + first + rows);
  const int64_t blocks = (longest + kBlock - 1) / kBlock;
  const at::Tensor used = tables.narrow(0, first, rows).narrow(1, 0, blocks).reshape({-1});
  const int64_t heads = shape.key_value_heads, size = shape.size;
  const auto gathered = [&](const at::Tensor& cache, at::IntArrayRef order) {
    return cache.index_select(0, used).view({rows, blocks, heads, cache.size(2), cache.size(3)}).permute(order).reshape(
        {rows, heads, blocks * kBlock, size});
  };
  const auto integers = query.options().dtype(at::kLong);
  const at::Tensor ends = at::tensor(lengths.slice(first, rows), at::kLong).to(query.device()).view({rows, 1, 1});
  const at::Tensor places = at::arange(blocks * kBlock, integers).view({1, 1, -1});
  const at::Tensor positions = ends - count + at::arange(count, integers).view({1, -1, 1});
  at::Tensor seen = places <= positions;
  if (shape.window > 0) seen = seen.logical_and(places > positions - shape.window);
  const at::Tensor keys = gathered(key_cache, {0, 2, 1, 4, 3});
  // What was never stored may be no number.
  const at::Tensor values = gathered(value_cache, {0, 2, 1, 3, 4}).masked_fill((places >= ends).unsqueeze(3), 0);
  const at::Tensor queries = query.narrow(0, start, rows * count).view({rows, count, shape.heads, size}).transpose(1, 2);
  const at::Tensor mask = seen.unsqueeze(1);
  const at::Tensor attended =
      shape.softcap > 0 ? capped_attention(queries, keys, values, mask, shape.scale, shape.softcap)
                        : at::scaled_dot_product_attention(queries, keys.masked_fill((places >= ends).unsqueeze(3), 0), values,
                                                           mask, 0, false, shape.scale, shape.heads != heads);
  return attended.transpose(1, 2).reshape({rows * count, shape.heads, size});
}

at::Tensor paged_attention_composed(const at::Tensor& query, const at::Tensor& key_cache, const at::Tensor& value_cache,
                                    const at::Tensor& tables, at::IntArrayRef counts, at::IntArrayRef lengths,
                                    std::optional<double> scale, int64_t window, double softcap) {
  const Shape shape = checked_shape(query, key_cache, value_cache, tables, counts, lengths, scale, window, softcap);
  std::vector<at::Tensor> outputs;
  int64_t start = 0;
  for (size_t row = 0; row < counts.size();) {
    const int64_t count = counts[row];
    int64_t rows = 0;
    // Neighbours with one new token are computed together; longer pieces fill a device by themselves.
    do ++rows, ++row;
    while (count == 1 && row < counts.size() && counts[row] == 1);
    outputs.push_back(attend_composed(query, key_cache, value_cache, tables, lengths, shape, row - rows, rows, start, count));
    start += rows * count;
  }
  return outputs.empty() ? at::empty_like(query) : at::cat(outputs, 0);
}

}  // namespace

// store_in_blocks_(key_cache (blocks, KV, D, 32), value_cache (blocks, KV, 32, D), key and value (T, KV, D), tables (rows,
// width) int32, counts, lengths): row r brings counts[r] new tokens, the last of its lengths[r]; token number p of it belongs
// into block tables[r][p / 32] at place p % 32. Keys lie transposed, so that their products with a query need no sums across
// a register. paged_attention(query (T, H, D), ...) -> (T, H, D): each new token attends to itself and the tokens of its row
// before it, which are in the cache; scale, window and softcap as in packed_attention. Neither is differentiable. The
// overloads `composed` are what other devices than CPU use: the same functions of ATen operators.
void define_paged_attention(torch::Library& library) {
  const std::string store =
      "(Tensor(a!) key_cache, Tensor(b!) value_cache, Tensor key, Tensor value, Tensor tables, int[] counts, int[] lengths) -> ()";
  library.def(("store_in_blocks_" + store).c_str());
  library.def(("store_in_blocks_.composed" + store).c_str());
  library.impl("store_in_blocks_", c10::DispatchKey::CPU, TORCH_FN(store_in_blocks_));
  library.impl("store_in_blocks_", c10::DispatchKey::CUDA, TORCH_FN(store_in_blocks_composed));
  library.impl("store_in_blocks_.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(store_in_blocks_composed));
  const std::string attend =
      "(Tensor query, Tensor key_cache, Tensor value_cache, Tensor tables, int[] counts, int[] lengths, *, float? scale=None, "
      "int window=0, float softcap=0) -> Tensor";
  library.def(("paged_attention" + attend).c_str());
  library.def(("paged_attention.composed" + attend).c_str());
  library.impl("paged_attention", c10::DispatchKey::CPU, TORCH_FN(paged_attention));
  library.impl("paged_attention", c10::DispatchKey::CUDA, TORCH_FN(paged_attention_composed));
  library.impl("paged_attention.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(paged_attention_composed));
}

}  // namespace kernels
