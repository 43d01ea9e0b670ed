/** @file The library: fine-tune language models with One-Token Rollout, DFT or SFT. */
export { resolveTrainConfig } from "./config/resolve-train-config.js";
export type {
  Budget,
  CompareConfig,
  ComparedDataset,
  CompareInput,
  EvaluationSettings,
  TaskRole,
  TaskRoles,
} from "./config/compare-options.js";
export type { WrittenTrainOptions } from "./config/compared-train-options.js";
export { resolveCompareConfig } from "./config/resolve-compare-config.js";
export type { LoggerName } from "./config/logger-names.js";
export type { PlanInput } from "./config/plan-options.js";
export type { TrainConfig, TrainInput } from "./config/train-options.js";
export type { Split } from "./config/data-files.js";
export type { ColumnMapping, DatasetOption, DatasetSource } from "./config/dataset-sources.js";
export {
  type Dataset,
  type DatasetFile,
  type EncodingProgress,
  loadDataset,
  type LoadDatasetOptions,
} from "./data/load-dataset.js";
export { loadSources, type LoadSourcesOptions, type MixedDataset } from "./data/load-sources.js";
export type { DatasetSummary } from "./data/dataset-summary.js";
export type { BlockReport, EncodingOptions, RowFate, RowReport } from "./data/encode-block.js";
export { type EncodedRow, IGNORE_INDEX, type TruncationMode } from "./data/encoded-row.js";
export type { WantedSplit } from "./data/formats/data-format.js";
export type { OpenHubDataset } from "./data/hub-dataset.js";
export type { RowFormName } from "./data/row-forms/registry.js";
export type { RowSource, RowTrace } from "./data/row-source.js";
export type { TokenRows } from "./data/token-store.js";
export type { TokenizedText } from "./data/tokenized-text.js";
export { type DecodeOptions, type EncodeOptions, loadTokenizer, type Tokenizer } from "./data/tokenizer.js";
export { ConfigError, DataError, OtrError, type Problem, RunError, UsageError } from "./errors.js";
export { hendrycksEqual } from "./evaluation/mathematics/hendrycks-equal.js";
export { minervaEqual } from "./evaluation/mathematics/minerva-equal.js";
export { normalizeFinalAnswer } from "./evaluation/mathematics/normalize-final-answer.js";
export { verifyMathematics } from "./evaluation/mathematics/verify-mathematics.js";
export { averageSeeds, type SeedAverage } from "./evaluation/statistics/average-seeds.js";
export { type ClusterId, clusteredStandardError } from "./evaluation/statistics/clustered-standard-error.js";
export {
  combinedDetectable,
  combinedInterval,
  combinedMargin,
  combinedPValue,
  type ErrorPart,
} from "./evaluation/statistics/combined-error.js";
export { comparePaired, type PairedComparison } from "./evaluation/statistics/compare-paired.js";
export { detectableDifference } from "./evaluation/statistics/detectable-difference.js";
export { holm } from "./evaluation/statistics/holm.js";
export type { Interval } from "./evaluation/statistics/interval.js";
export { type McNemar, mcnemar } from "./evaluation/statistics/mcnemar.js";
export {
  type BootstrapOptions,
  pairedBootstrap,
  pairedBootstraps,
} from "./evaluation/statistics/paired-bootstrap.js";
export { passAtK } from "./evaluation/statistics/pass-at-k.js";
export { pooledStandardError, type SubtaskError } from "./evaluation/statistics/pooled-standard-error.js";
export { mean, standardDeviation, standardError } from "./evaluation/statistics/standard-error.js";
export { tInterval } from "./evaluation/statistics/t-interval.js";
export { wilsonInterval, wilsonIntervalOfRate } from "./evaluation/statistics/wilson-interval.js";
export type { MetricResult } from "./evaluation/aggregate.js";
export {
  compareSamples,
  type CompareSamplesOptions,
  type SamplesComparison,
} from "./evaluation/compare-samples.js";
export type { AskModelOptions, EvaluationProgress } from "./evaluation/ask-model.js";
export {
  type Evaluation,
  type EvaluateOptions,
  evaluate,
  type GroupEvaluation,
  type TaskEvaluation,
} from "./evaluation/evaluate.js";
export {
  type ResultsContext,
  type ResultsDocument,
  resultsDocument,
  writeResults,
} from "./evaluation/results-files.js";
export type { Sample } from "./evaluation/score-task.js";
export type { ProgramCounts } from "./evaluation/counted-programs.js";
export type { Document } from "./evaluation/document.js";
export type { FewShotConfig, GenerationSettings, GroupConfig, TaskConfig } from "./evaluation/task-config.js";
export type { Task } from "./evaluation/task.js";
export { compare } from "./experiments/compare.js";
export type { Measurement, TokenShift, TracedRow } from "./experiments/measurement.js";
export type {
  ComparisonReport,
  JudgingRole,
  ReportedCell,
  ReportedChoice,
  ReportedDifference,
  ReportedFlip,
  ReportedRun,
  ReportedScore,
  ReportedTask,
  ReportedTokens,
} from "./experiments/report.js";
export { type QueueLimits, type Running, runQueue } from "./experiments/run-queue.js";
export type { ComparisonEvent, ComparisonOptions, Stage } from "./experiments/run-comparison.js";
export { chatPrompt } from "./generation/chat-prompt.js";
export { type Generation, generate, type TextGenerationOptions } from "./generation/generate.js";
export type { DrawKey } from "./generation/choose-tokens.js";
export {
  generateTokens,
  type TokenGeneration,
  type TokenGenerationOptions,
} from "./generation/generate-tokens.js";
export type { GenerationOptions, SamplingOptions } from "./generation/generation-options.js";
export { type ContinuationPair, rollingWindows } from "./generation/rolling-windows.js";
export {
  type ContinuationScore,
  ContinuationScorer,
  scoreContinuations,
  scoreTexts,
  type ScoringOptions,
} from "./generation/score-continuations.js";
export { loadAdapter, saveAdapter } from "./models/adapter-files.js";
export { type HubSettings, readHubSettings } from "./hub/hub-settings.js";
export { type HubDataset, openHubDataset } from "./hub/open-hub-dataset.js";
export { type Repository, repositoryOf } from "./hub/repository.js";
export type { RepositoryFile } from "./hub/repository-files.js";
export { type DownloadProgress, fetchFiles, openSnapshot, type Snapshot } from "./hub/snapshot.js";
export type { UploadProgress } from "./hub/upload-files.js";
export { CausalLM, type ForwardOptions, type WeightCopies } from "./models/causal-lm.js";
export type { DecoderSpec, LayerSpec, MixtureSpec, NormNames } from "./models/decoder-spec.js";
export { findModel, type FoundModel } from "./models/find-model.js";
export { initModel, type InitModelOptions } from "./models/init-model.js";
export {
  locateAdapter,
  type LocatedModel,
  locateModel,
  type LocateModelOptions,
  type ModelOrigin,
} from "./models/locate-model.js";
export { loadModel, type LoadModelOptions } from "./models/load-model.js";
export { createAdapter, LoraAdapter } from "./models/lora-adapter.js";
export type { LoraConfig } from "./models/lora-config.js";
export type { LoraModule } from "./models/lora-modules.js";
export type { LoraLayout, LoraTarget } from "./models/lora-targets.js";
export { mergeAdapter } from "./models/merge-adapter.js";
export { type ModelConfig, parseModelConfig, type WeightDType } from "./models/model-config.js";
export { type PackedMatrices, PackedMatrix, packMatrices } from "./models/packed-matrix.js";
export { type PackedRows, packRows } from "./models/packed-rows.js";
export type { ParameterSpec } from "./models/parameter-layout.js";
export type { Quantization } from "./models/quantized-matrix.js";
export type { RopeParameters } from "./models/rope-parameters.js";
export { saveModel, type SaveModelOptions } from "./models/save-model.js";
export type { FolderWriter } from "./models/folder-writer.js";
export {
  chunkedHead,
  type ChunkedHeadInput,
  type ChunkedHeadOutput,
  type HeadPair,
} from "./objectives/chunked-head.js";
export type { TokenWeights } from "./objectives/logit-gradient.js";
export type { GrpoOptions } from "./objectives/grpo.js";
export type { NllOptions } from "./objectives/nll.js";
export type { OtrBaseline, OtrEstimator, OtrOptions } from "./objectives/otr.js";
export {
  evaluateObjective,
  type LossType,
  type Objective,
  type ObjectiveInput,
  type ObjectiveOutput,
  type ObjectiveTerms,
  type PolicyChange,
  type TokenContext,
  type TokenTerms,
} from "./objectives/objective.js";
export { type PrecedingTokens, precedingTokens } from "./objectives/preceding-tokens.js";
export {
  keyedStream,
  type RandomStream,
  type TokenKeys,
  type TokenPlaces,
} from "./objectives/random-stream.js";
export { type RolloutTokens, rolloutTokens } from "./objectives/rollout-tokens.js";
export { createObjective, type ObjectiveOptions } from "./objectives/registry.js";
export { readStatistics, type StatisticName, type TokenStatistics } from "./objectives/statistics.js";
export type { TokenDistribution } from "./objectives/token-distribution.js";
export type { UnlikelihoodOptions } from "./objectives/unlikelihood.js";
export type { ValueHead } from "./objectives/value-head.js";
export type {
  Alert,
  EvaluationMetrics,
  StepMetrics,
  TrainEvent,
  TrainResult,
  TrainStatus,
  WarningKind,
} from "./training/events.js";
export type { CompletionMetrics } from "./training/rollouts.js";
export type { RewardFunction, RewardInput } from "./training/rewards/reward.js";
export type { MemorySaving } from "./training/memory-savings.js";
export { type PlanOptions, planRun, type RunPlan } from "./training/plan-run.js";
export {
  type PushedModel,
  preparePush,
  pushModel,
  type PushOptions,
  type PushTarget,
} from "./training/push-model.js";
export type { BatchSize, MemoryPlan } from "./training/memory-plan.js";
export type { Workload } from "./training/workload.js";
export { type Repetition, repeatRun } from "./training/repeat-run.js";
export { train, type TrainOptions } from "./training/train.js";
