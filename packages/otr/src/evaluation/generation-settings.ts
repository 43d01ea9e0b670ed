/** @file How the answers of a task are generated. */
import type { GenerationSettings, TaskConfig } from "./task-config.js";

/** Settings of the harness's names with nothing left open. */
export interface AnswerSettings {
  readonly until: readonly string[];
  readonly max_gen_toks: number;
  /** 0: greedy. */
  readonly temperature: number;
  readonly top_p: number;
  readonly top_k: number;
  readonly min_p: number;
}

/** What the harness generates at most where a task says nothing. It cuts long chains of thought: see `truncated`. */
export const DEFAULT_MAX_GEN_TOKS = 256;

/** The settings of a task with the defaults filled in. Without `do_sample: true`, answers are greedy. */
export function answerSettings(config: TaskConfig): AnswerSettings {
  const settings = loggedSettings(config);
  return {
    until: [settings.until].flat().filter((stop) => stop !== undefined),
    max_gen_toks: settings.max_gen_toks ?? DEFAULT_MAX_GEN_TOKS,
    temperature: settings.do_sample === true ? (settings.temperature ?? 1) : 0,
    top_p: settings.top_p ?? 1,
    top_k: settings.top_k ?? 0,
    min_p: settings.min_p ?? 0,
  };
}

/** Settings by the names that options have in TypeScript. */
export interface ChangedGeneration {
  readonly maxGenToks?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  readonly minP?: number | undefined;
}

/** What is to be changed of a task's settings, by the names that they have in its file. */
export function changedGeneration(changed: ChangedGeneration): Partial<GenerationSettings> {
  const { maxGenToks, temperature, topP, topK, minP } = changed;
  return {
    ...(maxGenToks !== undefined && { max_gen_toks: maxGenToks }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
    ...(minP !== undefined && { min_p: minP }),
  };
}

/** A task with other settings of generation. A temperature says whether answers are sampled, where `do_sample` does not. */
export function withGeneration(config: TaskConfig, changed: Partial<GenerationSettings>): TaskConfig {
  const { temperature, do_sample: isSampled } = changed;
  const sampled = temperature !== undefined && isSampled === undefined ? { do_sample: temperature > 0 } : {};
  return { ...config, generation_kwargs: { ...loggedSettings(config), ...changed, ...sampled } };
}

/** The settings as they stand in the task's file, or the harness's where it has none. */
export function loggedSettings({
  generation_kwargs: own,
  fewshot_delimiter: delimiter,
}: TaskConfig): GenerationSettings {
  if (own === null)
    return { temperature: 0, do_sample: false, max_gen_toks: DEFAULT_MAX_GEN_TOKS, until: [delimiter] };
  return { ...own, ...(own.until === undefined && { until: [delimiter] }) };
}
