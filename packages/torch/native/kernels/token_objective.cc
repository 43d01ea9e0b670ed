// Losses on the tokens that softmax policies give to their targets, and their gradients, in one pass over the logits.
//
// Notation: z the logits of a row, pi = softmax(z), y its target, q = softmax(z / temperature). A loss is a sum of parts:
//
//   target              -log pi_y
//   target_probability  -pi_y log pi_y, the factor pi_y held constant
//   uniform             -(1/V) sum_a log pi_a
//   entropy             -H(pi)
//   estimator           -E[A log pi_a], a drawn from q and A held constant: `monte_carlo` (the mean of num_samples draws)
//                       or `exact` (the expectation); A = R - baseline, R = 1 where a = y and other_reward elsewhere
//
// The first four have the coefficient of that name, the last has 1. Each is a row of weights on -log pi_a, so that the
// gradient is W pi - w, W the sum of the weights w; the entropy's weights are -coefficient pi_a log pi_a.
#include <ATen/ATen.h>
#include <ATen/MemoryOverlap.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/vec/functional.h>
#include <ATen/cpu/vec/vec.h>

#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels.h"
#include "philox.h"

namespace kernels {

namespace {

using Vec = at::vec::Vectorized<float>;
using Wide = at::vec::Vectorized<at::BFloat16>;

// Logits pass through registers and this much of the first-level cache, in float32 whatever their dtype.
constexpr int64_t kBlock = 64;
using Block = std::array<float, kBlock>;
static_assert(kBlock % Wide::size() == 0);

// A function of its own with everything in it inlined: left to itself, GCC merges these into one function so large that it
// calls the exponential and keeps sums in memory.
#define OTR_HOT_LOOP __attribute__((noinline, flatten))

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr int64_t kMaximumSamples = int64_t{1} << 24;

enum class Estimator { none, monte_carlo, exact };
enum class Baseline { none, rloo, value };

// Sums of these are added to the argument `statistics`, in this order.
enum Statistic : size_t {
  kCount, kLoss, kNll, kTargetProbability, kEntropy, kAccuracy, kReward, kHitRate, kValueLoss, kWeightedLoss, kStatistics
};
using RowStatistics = std::array<double, kStatistics>;

struct Objective {
  double target, target_probability, uniform, entropy;
  Estimator estimator;
  int64_t num_samples;
  double temperature, other_reward;
  Baseline baseline;
  bool importance_correction;
  double value_coef;
  float softcap;
  bool needs_gradient;
};

struct Draw {
  int64_t token;
  int64_t count;
  float shifted;  // the token's logit minus the row's largest
  double weight;
};

// What one thread needs beside the logits.
struct Scratch {
  Scratch(const Objective& objective, int64_t vocabulary) {
    if (objective.estimator != Estimator::monte_carlo) return;
    block_sums.resize((vocabulary + kBlock - 1) / kBlock);
    uniforms.resize(objective.num_samples);
    sorted.resize(objective.num_samples);
    places.resize(objective.num_samples + 1);
    draws.reserve(std::min(objective.num_samples, vocabulary));
  }
  std::vector<double> block_sums;
  std::vector<float> uniforms, sorted;
  std::vector<int32_t> places;
  std::vector<Draw> draws;
};

float reduce_sum(const Vec& values) {
  return at::vec::vec_reduce_all<float>([](Vec& a, Vec& b) { return a + b; }, values);
}

float reduce_maximum(const Vec& values) {
  return at::vec::vec_reduce_all<float>([](Vec& a, Vec& b) { return at::vec::maximum(a, b); }, values);
}

template <typename Function>
void transform(Block& block, Function function) {
  for (int64_t i = 0; i < kBlock; i += Vec::size()) function(Vec::loadu(&block[i])).store(&block[i]);
}

void convert(const float* source, Block& block) { std::copy_n(source, kBlock, block.data()); }

void convert(const at::BFloat16* source, Block& block) {
  for (int64_t i = 0; i < kBlock; i += Wide::size()) {
    auto [low, high] = at::vec::convert_bfloat16_float(Wide::loadu(source + i));
    low.store(&block[i]);
    high.store(&block[i + Vec::size()]);
  }
}

void convert(const Block& block, float* target) { std::copy_n(block.data(), kBlock, target); }

void convert(const Block& block, at::BFloat16* target) {
  for (int64_t i = 0; i < kBlock; i += Wide::size()) {
    at::vec::convert_float_bfloat16(Vec::loadu(&block[i]), Vec::loadu(&block[i + Vec::size()])).store(target + i);
  }
}

// The logits of one row, block by block.
template <typename T>
struct Row {
  T* logits;
  int64_t vocabulary;
  float softcap;
  float maximum = 0;

  int64_t count(int64_t start) const { return std::min(kBlock, vocabulary - start); }

  // Logits start .. start + 63, soft-capped; those beyond the vocabulary are -infinity.
  void load(int64_t start, Block& block) const {
    const bool is_whole = start + kBlock <= vocabulary;
    if (is_whole) {
      convert(logits + start, block);
    } else {
      std::copy_n(logits + start, count(start), block.data());
    }
    if (softcap != 0) {
      transform(block, [cap = Vec(softcap)](Vec z) { return cap * (z / cap).tanh(); });
    }
    if (!is_whole) std::fill(block.begin() + count(start), block.end(), -kInfinity);
  }

  // The same minus the row's maximum, bounded below so that zero probability times them is zero.
  void load_shifted(int64_t start, Block& block) const {
    load(start, block);
    transform(block, [this](Vec z) {
      return at::vec::clamp_min(z - Vec(maximum), Vec(std::numeric_limits<float>::lowest()));
    });
  }

  void store(int64_t start, const Block& block) const {
    if (start + kBlock <= vocabulary) {
      convert(block, logits + start);
    } else {
      std::copy_n(block.data(), count(start), logits + start);
    }
  }
};

// Finds row.maximum, NaN where there is one; whether the target is the first token that has it.
template <typename T>
bool find_maximum(Row<T>& row, int64_t target) {
  Vec largest(-kInfinity);
  float largest_before = -kInfinity;
  float at_target = 0;
  Block block;
  for (int64_t start = 0; start < row.vocabulary; start += kBlock) {
    row.load(start, block);
    if (target >= start && target < start + kBlock) {
      largest_before = reduce_maximum(largest);
      for (int64_t i = 0; i < target - start; ++i) largest_before = std::max(largest_before, block[i]);
      at_target = block[target - start];
    }
    for (int64_t i = 0; i < kBlock; i += Vec::size()) largest = at::vec::maximum(largest, Vec::loadu(&block[i]));
  }
  row.maximum = reduce_maximum(largest);
  return at_target == row.maximum && largest_before < at_target;
}

// Sums over a row of e = exp(s) and t = exp(s / temperature), s its shifted logits.
struct RowSums {
  double exponentials = 0;      // e
  double weighted_shifted = 0;  // e s
  double shifted = 0;           // s, where it is asked for
  double tempered = 0;          // t, where there is an estimator
  double tempered_shifted = 0;  // t s
  float shifted_target = 0;
};

template <typename T>
OTR_HOT_LOOP RowSums sum_row(const Row<T>& row, const Objective& objective, int64_t target, std::vector<double>& block_sums) {
  RowSums sums;
  const bool has_estimator = objective.estimator != Estimator::none;
  const bool is_tempered = objective.temperature != 1;
  const Vec inverse_temperature(static_cast<float>(1 / objective.temperature));
  Block block;
  for (int64_t start = 0; start < row.vocabulary; start += kBlock) {
    row.load_shifted(start, block);
    Vec exponentials(0), weighted(0);
    for (int64_t i = 0; i < kBlock; i += Vec::size()) {
      Vec shifted = Vec::loadu(&block[i]);
      Vec exponential = shifted.exp_u20();
      exponentials = exponentials + exponential;
      weighted = at::vec::fmadd(exponential, shifted, weighted);
    }
    const double sum = reduce_sum(exponentials), weighted_sum = reduce_sum(weighted);
    sums.exponentials += sum;
    sums.weighted_shifted += weighted_sum;
    if (has_estimator) {
      double tempered_sum = sum, tempered_weighted_sum = weighted_sum;
      if (is_tempered) {
        Vec tempered(0), tempered_shifted(0);
        for (int64_t i = 0; i < kBlock; i += Vec::size()) {
          Vec shifted = Vec::loadu(&block[i]);
          Vec exponential = (shifted * inverse_temperature).exp_u20();
          tempered = tempered + exponential;
          tempered_shifted = at::vec::fmadd(exponential, shifted, tempered_shifted);
        }
        tempered_sum = reduce_sum(tempered);
        tempered_weighted_sum = reduce_sum(tempered_shifted);
      }
      sums.tempered += tempered_sum;
      sums.tempered_shifted += tempered_weighted_sum;
      if (objective.estimator == Estimator::monte_carlo) block_sums[start / kBlock] = tempered_sum;
    }
    if (objective.uniform != 0) {
      for (int64_t i = 0; i < row.count(start); ++i) sums.shifted += block[i];
    }
    if (target >= start && target < start + kBlock) sums.shifted_target = block[target - start];
  }
  return sums;
}

// Sorts numbers spread evenly over [0, 1): by as many buckets as there are numbers, then by insertion.
void sort_uniforms(Scratch& scratch) {
  const std::vector<float>& uniforms = scratch.uniforms;
  std::vector<float>& sorted = scratch.sorted;
  std::vector<int32_t>& places = scratch.places;
  const auto count = static_cast<int64_t>(uniforms.size());
  const auto bucket = [scale = static_cast<float>(count)](float value) { return static_cast<int64_t>(value * scale); };
  std::fill(places.begin(), places.end(), 0);
  for (float value : uniforms) ++places[bucket(value)];
  int32_t first = 0;
  for (int32_t& place : places) first += std::exchange(place, first);
  for (float value : uniforms) sorted[places[bucket(value)]++] = value;
  for (int64_t i = 1; i < count; ++i) {
    const float value = sorted[i];
    int64_t place = i;
    for (; place > 0 && sorted[place - 1] > value; --place) sorted[place] = sorted[place - 1];
    sorted[place] = value;
  }
}

// Draws from q by inverse CDF: sorted uniforms, one walk along the cumulative weights, by blocks and by registers, of which
// only those that a draw falls into are looked into. Fills scratch.draws, by token.
template <typename T>
OTR_HOT_LOOP void draw_tokens(const Row<T>& row, const Objective& objective, const int64_t* key, double total, Scratch& scratch) {
  fill_uniform(key, objective.num_samples, scratch.uniforms.data());
  sort_uniforms(scratch);
  scratch.draws.clear();
  const float* next = scratch.sorted.data();
  const float* const uniforms_end = next + scratch.sorted.size();
  const Vec inverse_temperature(static_cast<float>(1 / objective.temperature));
  // The next draw falls to the token that raises the cumulative weight above this.
  double share = *next * total;
  double cumulative = 0;
  Block shifted, weights;
  for (int64_t start = 0; start < row.vocabulary && share < kInfinity; start += kBlock) {
    const double end = cumulative + scratch.block_sums[start / kBlock];
    if (share < end) {
      row.load_shifted(start, shifted);
      weights = shifted;
      transform(weights, [&](Vec s) { return (s * inverse_temperature).exp_u20(); });
      for (int64_t first = 0; first < kBlock && share < end; first += Vec::size()) {
        const bool is_last = first + Vec::size() == kBlock;
        const double register_end = is_last ? end : cumulative + reduce_sum(Vec::loadu(&weights[first]));
        int64_t token = first;
        while (share < register_end) {
          for (; token < first + Vec::size(); ++token) {
            cumulative += weights[token];
            if (share < cumulative) break;
          }
          if (token == first + Vec::size()) {
            // The sums were rounded in another order than the walk's: the rest is the last token's.
            do --token;
            while (token > 0 && weights[token] == 0);
            cumulative = register_end;
          }
          int64_t count = 0;
          do {
            ++count;
            share = ++next < uniforms_end ? *next * total : kInfinity;
          } while (share < cumulative);
          scratch.draws.push_back({start + token, count, shifted[token], 0});
          ++token;
        }
        cumulative = register_end;
      }
    }
    cumulative = end;
  }
}

// What the loss of a row comes to.
struct RowTerms {
  double loss = 0;
  double total = 0;      // W
  double at_target = 0;  // the weight on the target beside the draws'
  double on_tempered = 0;  // the weight on q
  double reward = 0, hit_rate = 0;
};

struct Likelihood {
  double log_normalizer, target_log_probability, target_probability, entropy;
};

void add_expectation(const Objective& objective, const RowSums& sums, const Likelihood& likelihood, double value, RowTerms& terms) {
  const double gain = 1 - objective.other_reward;
  terms.hit_rate = std::exp(sums.shifted_target / objective.temperature) / sums.tempered;
  double offset = objective.other_reward;
  if (objective.baseline == Baseline::value) offset -= value;
  if (objective.baseline == Baseline::rloo) offset = -gain * terms.hit_rate;
  const bool corrected = objective.importance_correction;
  const double cross_entropy =
      corrected ? likelihood.entropy : likelihood.log_normalizer - sums.tempered_shifted / sums.tempered;
  const double at_target = gain * (corrected ? likelihood.target_probability : terms.hit_rate);
  terms.loss += offset * cross_entropy - at_target * likelihood.target_log_probability;
  terms.at_target += at_target;
  terms.total += at_target;
  // With the correction the offset's part is offset pi - offset pi: left out rather than cancelled in rounding.
  if (!corrected) {
    terms.total += offset;
    terms.on_tempered = offset;
  }
}

void add_draws(const Objective& objective, const RowSums& sums, const Likelihood& likelihood, double value, int64_t target,
               std::vector<Draw>& draws, RowTerms& terms) {
  const auto count = static_cast<double>(objective.num_samples);
  for (const Draw& draw : draws) {
    if (draw.token == target) terms.hit_rate += static_cast<double>(draw.count) / count;
  }
  double gain = 1 - objective.other_reward;
  double offset = objective.other_reward;
  if (objective.baseline == Baseline::value) offset -= value;
  if (objective.baseline == Baseline::rloo) {
    // R_j - mean of the others = (R_j - mean of all) K / (K - 1), where the other reward cancels but for the scale.
    gain *= count / (count - 1);
    offset = -gain * terms.hit_rate;
  }
  const double tempered_log_normalizer = std::log(sums.tempered);
  for (Draw& draw : draws) {
    const double log_probability = draw.shifted - likelihood.log_normalizer;
    double advantage = draw.token == target ? offset + gain : offset;
    if (objective.importance_correction) {
      advantage *= std::exp(log_probability - (draw.shifted / objective.temperature - tempered_log_normalizer));
    }
    draw.weight = advantage * static_cast<double>(draw.count) / count;
    terms.loss -= draw.weight * log_probability;
    terms.total += draw.weight;
  }
}

// Overwrites the logits by scale (W pi - w).
template <typename T>
OTR_HOT_LOOP void write_gradient(const Row<T>& row, const Objective& objective, const RowSums& sums, const Likelihood& likelihood,
                    const RowTerms& terms, int64_t target, double scale, const std::vector<Draw>& draws) {
  const Vec on_policy(static_cast<float>(scale * terms.total / sums.exponentials));
  const Vec on_tempered(static_cast<float>(scale * terms.on_tempered / sums.tempered));
  const Vec inverse_temperature(static_cast<float>(1 / objective.temperature));
  const Vec on_all(static_cast<float>(scale * objective.uniform / static_cast<double>(row.vocabulary)));
  const Vec on_surprise(static_cast<float>(scale * objective.entropy / sums.exponentials));
  const Vec log_normalizer(static_cast<float>(likelihood.log_normalizer));
  auto draw = draws.begin();
  Block shifted, gradient;
  for (int64_t start = 0; start < row.vocabulary; start += kBlock) {
    row.load_shifted(start, shifted);
    for (int64_t i = 0; i < kBlock; i += Vec::size()) {
      (on_policy * Vec::loadu(&shifted[i]).exp_u20()).store(&gradient[i]);
    }
    if (terms.on_tempered != 0) {
      for (int64_t i = 0; i < kBlock; i += Vec::size()) {
        Vec exponential = (Vec::loadu(&shifted[i]) * inverse_temperature).exp_u20();
        (Vec::loadu(&gradient[i]) - on_tempered * exponential).store(&gradient[i]);
      }
    }
    if (objective.entropy != 0) {
      for (int64_t i = 0; i < kBlock; i += Vec::size()) {
        Vec s = Vec::loadu(&shifted[i]);
        at::vec::fmadd(on_surprise * s.exp_u20(), s - log_normalizer, Vec::loadu(&gradient[i])).store(&gradient[i]);
      }
    }
    if (objective.uniform != 0) transform(gradient, [&](Vec g) { return g - on_all; });
    for (; draw != draws.end() && draw->token < start + kBlock; ++draw) {
      gradient[draw->token - start] -= static_cast<float>(scale * draw->weight);
    }
    if (target >= start && target < start + kBlock) gradient[target - start] -= static_cast<float>(scale * terms.at_target);
    if (row.softcap != 0) {
      // d (c tanh(z / c)) / d z = 1 - (capped z / c)^2
      row.load(start, shifted);
      for (int64_t i = 0; i < kBlock; i += Vec::size()) {
        Vec ratio = Vec::loadu(&shifted[i]) / Vec(row.softcap);
        (Vec::loadu(&gradient[i]) * (Vec(1) - ratio * ratio)).store(&gradient[i]);
      }
    }
    row.store(start, gradient);
  }
}

// One row: `logits` and `value` become their gradients. Logits that are no numbers give statistics that are none.
template <typename T>
RowStatistics evaluate_row(const Objective& objective, Row<T> row, int64_t target, double scale, const int64_t* key,
                           float* value, Scratch& scratch) {
  RowStatistics statistics;
  const bool is_correct = find_maximum(row, target);
  if (!std::isfinite(row.maximum)) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    statistics.fill(nan);
    statistics[kCount] = 1;
    if (objective.needs_gradient) {
      std::fill_n(row.logits, row.vocabulary, static_cast<T>(nan));
      if (value != nullptr) *value = nan;
    }
    return statistics;
  }
  const RowSums sums = sum_row(row, objective, target, scratch.block_sums);
  Likelihood likelihood;
  likelihood.log_normalizer = std::log(sums.exponentials);
  likelihood.target_log_probability = sums.shifted_target - likelihood.log_normalizer;
  likelihood.target_probability = std::exp(likelihood.target_log_probability);
  likelihood.entropy = likelihood.log_normalizer - sums.weighted_shifted / sums.exponentials;

  RowTerms terms;
  terms.at_target = objective.target + objective.target_probability * likelihood.target_probability;
  terms.total = terms.at_target + objective.uniform + objective.entropy * likelihood.entropy;
  terms.loss = -terms.at_target * likelihood.target_log_probability - objective.entropy * likelihood.entropy;
  if (objective.uniform != 0) {
    terms.loss -= objective.uniform * (sums.shifted / static_cast<double>(row.vocabulary) - likelihood.log_normalizer);
  }
  const double prediction = value == nullptr ? 0 : *value;
  if (objective.estimator == Estimator::exact) {
    add_expectation(objective, sums, likelihood, prediction, terms);
  } else if (objective.estimator == Estimator::monte_carlo) {
    draw_tokens(row, objective, key, sums.tempered, scratch);
    add_draws(objective, sums, likelihood, prediction, target, scratch.draws, terms);
  }
  if (objective.estimator != Estimator::none) {
    terms.reward = objective.other_reward + (1 - objective.other_reward) * terms.hit_rate;
  }
  const double value_error = value == nullptr ? 0 : prediction - terms.reward;
  statistics[kCount] = 1;
  statistics[kLoss] = terms.loss;
  statistics[kNll] = -likelihood.target_log_probability;
  statistics[kTargetProbability] = likelihood.target_probability;
  statistics[kEntropy] = likelihood.entropy;
  statistics[kAccuracy] = is_correct ? 1 : 0;
  statistics[kReward] = terms.reward;
  statistics[kHitRate] = terms.hit_rate;
  statistics[kValueLoss] = value_error * value_error;
  statistics[kWeightedLoss] = scale * terms.loss;
  if (objective.needs_gradient) {
    if (value != nullptr) *value = static_cast<float>(2 * objective.value_coef * scale * value_error);
    write_gradient(row, objective, sums, likelihood, terms, target, scale, scratch.draws);
  }
  return statistics;
}

template <typename T>
void evaluate_rows(const Objective& objective, const at::Tensor& logits, const int64_t* targets, const float* weights,
                   const int64_t* keys, float* values, double* statistics) {
  const int64_t count = logits.size(0);
  const int64_t vocabulary = logits.size(1);
  T* data = logits.mutable_data_ptr<T>();
  std::vector<RowStatistics> rows(count);
  at::parallel_for(0, count, 1 + 8192 / vocabulary, [&](int64_t begin, int64_t end) {
    Scratch scratch(objective, vocabulary);
    for (int64_t i = begin; i < end; ++i) {
      const Row<T> row{data + i * vocabulary, vocabulary, objective.softcap};
      const int64_t* key = keys == nullptr ? nullptr : keys + 4 * i;
      rows[i] = evaluate_row(objective, row, targets[i], weights[i], key, values == nullptr ? nullptr : values + i, scratch);
    }
  });
  // In the order of the rows, whatever the number of threads.
  for (const RowStatistics& row : rows) {
    for (size_t i = 0; i < kStatistics; ++i) statistics[i] += row[i];
  }
}

Estimator parse_estimator(std::string_view name) {
  if (name == "none") return Estimator::none;
  if (name == "monte_carlo") return Estimator::monte_carlo;
  TORCH_CHECK_VALUE(name == "exact", "token_objective_: estimator must be none, monte_carlo or exact");
  return Estimator::exact;
}

Baseline parse_baseline(std::string_view name) {
  if (name == "none") return Baseline::none;
  if (name == "rloo") return Baseline::rloo;
  TORCH_CHECK_VALUE(name == "value", "token_objective_: baseline must be none, rloo or value");
  return Baseline::value;
}

void check_vector(const at::Tensor& tensor, const char* name, at::ScalarType dtype, int64_t length) {
  TORCH_CHECK_TYPE(tensor.scalar_type() == dtype, "token_objective_: ", name, " must be ", dtype, ", not ", tensor.scalar_type());
  TORCH_CHECK_VALUE(tensor.dim() == 1 && tensor.size(0) == length, "token_objective_: ", name, " must be of shape (", length, ")");
  TORCH_CHECK_VALUE(tensor.device().is_cpu(), "token_objective_: ", name, " must be on the CPU");
}

void check_written(const at::Tensor& tensor, const char* name) {
  TORCH_CHECK_VALUE(tensor.is_contiguous(), "token_objective_: ", name, " is written and must be contiguous");
  TORCH_CHECK_VALUE(!tensor.requires_grad(), "token_objective_: ", name, " is written and must not require a gradient");
}

// token_objective_(logits (N, V) float32 | bfloat16, targets (N) int64, weights (N) float32, statistics (10) float64, ...)
// Overwrites the logits by the gradient of sum_i weights_i loss_i, and `values` (N) float32, the predictions that the
// baseline `value` subtracts, by that of value_coef sum_i weights_i (value_i - reward_i)^2; without needs_gradient it
// leaves both alone. Adds to `statistics` the sums over rows of what enum Statistic names. `keys` (N, 4) int64 name
// the draws of `monte_carlo`: those of philox_uniform. Logits above `softcap` c are bent: c tanh(z / c); 0: they are not.
void token_objective_(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& weights, const at::Tensor& statistics,
                      double target, double target_probability, double uniform, double entropy, std::string_view estimator,
                      int64_t num_samples, double temperature, double other_reward, std::string_view baseline,
                      bool importance_correction, double value_coef, const std::optional<at::Tensor>& keys,
                      const std::optional<at::Tensor>& values, double softcap, bool needs_gradient) {
  const Objective objective{target, target_probability, uniform, entropy, parse_estimator(estimator), num_samples, temperature,
                            other_reward, parse_baseline(baseline), importance_correction, value_coef,
                            static_cast<float>(softcap), needs_gradient};
  const bool samples = objective.estimator == Estimator::monte_carlo;
  TORCH_CHECK_TYPE(logits.scalar_type() == at::kFloat || logits.scalar_type() == at::kBFloat16,
                   "token_objective_: logits must be float32 or bfloat16, not ", logits.scalar_type());
  TORCH_CHECK_VALUE(logits.dim() == 2, "token_objective_: logits must be of shape (N, V)");
  const int64_t count = logits.size(0);
  check_written(logits, "logits");
  check_vector(targets, "targets", at::kLong, count);
  check_vector(weights, "weights", at::kFloat, count);
  check_vector(statistics, "statistics", at::kDouble, kStatistics);
  check_written(statistics, "statistics");
  TORCH_CHECK_VALUE(temperature >= 1e-6 && temperature <= 1e6, "token_objective_: temperature must be in [1e-6, 1e6]");
  TORCH_CHECK_VALUE(softcap == 0 || (softcap >= 1e-6 && softcap <= 1e6), "token_objective_: softcap must be 0 or in [1e-6, 1e6]");
  if (samples) {
    const int64_t least = objective.baseline == Baseline::rloo ? 2 : 1;
    TORCH_CHECK_VALUE(num_samples >= least && num_samples <= kMaximumSamples, "token_objective_: num_samples must be in [",
                      least, ", ", kMaximumSamples, "]");
    TORCH_CHECK_VALUE(keys.has_value() && keys->defined(), "token_objective_: the estimator monte_carlo needs keys");
  }
  const bool has_values = values.has_value() && values->defined();
  const bool uses_values = objective.estimator != Estimator::none && objective.baseline == Baseline::value;
  TORCH_CHECK_VALUE(has_values == uses_values, "token_objective_: values must be given for the baseline value, and only for it");
  std::vector<at::Tensor> others = {targets, weights, statistics};
  at::Tensor key_rows;
  if (samples) {
    key_rows = checked_keys(*keys, "token_objective_");
    TORCH_CHECK_VALUE(key_rows.size(0) == count && key_rows.device().is_cpu(), "token_objective_: keys must be of shape (", count, ", 4)");
    others.push_back(key_rows);
  }
  if (has_values) {
    check_vector(*values, "values", at::kFloat, count);
    check_written(*values, "values");
    for (const at::Tensor& other : others) at::assert_no_overlap(*values, other);
    others.push_back(*values);
  }
  for (const at::Tensor& other : others) at::assert_no_overlap(logits, other);
  if (count == 0) return;
  const at::Tensor target_rows = targets.contiguous();
  TORCH_CHECK_INDEX(target_rows.min().item<int64_t>() >= 0 && target_rows.max().item<int64_t>() < logits.size(1),
                    "token_objective_: targets must be an index in [0, ", logits.size(1), ")");
  const at::Tensor weight_rows = weights.contiguous();
  const auto evaluate = logits.scalar_type() == at::kFloat ? evaluate_rows<float> : evaluate_rows<at::BFloat16>;
  evaluate(objective, logits, target_rows.const_data_ptr<int64_t>(), weight_rows.const_data_ptr<float>(),
           samples ? key_rows.const_data_ptr<int64_t>() : nullptr, has_values ? values->mutable_data_ptr<float>() : nullptr,
           statistics.mutable_data_ptr<double>());
}

}  // namespace

void define_token_objective(torch::Library& library) {
  library.def(
      "token_objective_(Tensor(a!) logits, Tensor targets, Tensor weights, Tensor(b!) statistics, *, float target=0, "
      "float target_probability=0, float uniform=0, float entropy=0, str estimator='none', int num_samples=0, "
      "float temperature=1, float other_reward=0, str baseline='none', bool importance_correction=False, float value_coef=0, "
      "Tensor? keys=None, Tensor(c!)? values=None, float softcap=0, bool needs_gradient=True) -> ()");
  library.impl("token_objective_", c10::DispatchKey::CPU, TORCH_FN(token_objective_));
}

}  // namespace kernels
