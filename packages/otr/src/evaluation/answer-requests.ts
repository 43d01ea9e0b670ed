/** @file Asks a model: text that goes on behind prompts, and the log-likelihood of continuations. */
import type { Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";
import { continuationText } from "../generation/generate.js";
import { generateTokens } from "../generation/generate-tokens.js";
import { ContinuationScorer } from "../generation/score-continuations.js";
import { endsWithStop } from "../generation/stop-strings.js";
import type { CausalLM } from "../models/causal-lm.js";
import type { TaskRequest } from "./build-requests.js";
import type { AnswerSettings } from "./generation-settings.js";
import type { Answer, Output } from "./score-task.js";

/** A model with its tokenizer. */
export interface Speaker {
  readonly model: CausalLM;
  readonly tokenizer: Tokenizer;
  /** False where prompts come from a chat template, which writes the tokens around a text itself. */
  readonly addsSpecialTokens: boolean;
}

/** How answers are computed. */
export interface AskOptions {
  readonly settings: AnswerSettings;
  /** Answers to each prompt. */
  readonly repeats: number;
  readonly seed: number;
  readonly batchSize: number;
  /** Told once for each prompt that was too long for the model's context and lost its beginning. */
  readonly onPromptCut: () => void;
  /** Given each answer as soon as it is there, with the place of its request; those of others may come first. */
  readonly onAnswer: (at: number, answer: Answer) => void;
}

/** Rows whose continuations are scored together. */
const SCORED_AT_ONCE = 64;

/**
 * Asks about rows of one task.
 *
 * @throws {DataError} `TASK_CONTEXT` where the model's context has no room for prompt and answer; as `generateTokens` and
 *   `scoreContinuations` do
 */
export async function answerRequests(
  speaker: Speaker,
  requests: readonly TaskRequest[],
  options: AskOptions,
): Promise<void> {
  const [first] = requests;
  if (first === undefined) return;
  if (first.continuations.length === 0) return writeAnswers(speaker, requests, options);
  const score = first.prompts.length === 0 ? scoreWhole : scoreChoices;
  using scorer = new ContinuationScorer(speaker.model);
  for (let start = 0; start < requests.length; start += SCORED_AT_ONCE) {
    const answers = await score(scorer, speaker, requests.slice(start, start + SCORED_AT_ONCE), options);
    for (const [at, answer] of answers.entries()) options.onAnswer(start + at, answer);
  }
}

async function writeAnswers(
  { model, tokenizer, addsSpecialTokens }: Speaker,
  requests: readonly TaskRequest[],
  { settings, repeats, seed, batchSize, onPromptCut, onAnswer }: AskOptions,
): Promise<void> {
  const context = model.spec.maxPositionEmbeddings;
  const room = context - settings.max_gen_toks;
  if (room < 1) {
    throw new DataError(
      "TASK_CONTEXT",
      `answers of up to ${settings.max_gen_toks} tokens leave no room for a prompt in the model's context of ${context}; lower ` +
        "max_gen_toks (gen_kwargs)",
    );
  }
  const texts = requests.map(({ prompts }) => prompts[0]!.encodableText);
  const encoded = await tokenizer.encodeBatch(texts, { addSpecialTokens: addsSpecialTokens });
  const prompts = encoded.map((ids) => {
    if (ids.length > room) onPromptCut();
    return Int32Array.from(ids.slice(-room));
  });
  const decode = (ids: readonly number[]) => tokenizer.decode(ids, { skipSpecialTokens: true });
  const stops = settings.until.filter((stop) => stop !== "");
  const eosTokenIds = [...new Set([...model.eosTokenIds, ...tokenizer.stopTokenIds])];
  const outputs = prompts.map((): Output[] => []);
  await generateTokens(model, prompts, {
    maxNewTokens: settings.max_gen_toks,
    temperature: settings.temperature,
    topP: settings.top_p,
    topK: settings.top_k,
    minP: settings.min_p,
    numReturnSequences: repeats,
    seed,
    batchSize,
    eosTokenIds,
    ...(stops.length > 0 && { shouldStop: (continuation) => endsWithStop(continuation, stops, decode) }),
    async onFinished(place, { tokenIds, finishReason }) {
      const at = Math.floor(place / repeats);
      const spoken = eosTokenIds.includes(tokenIds.at(-1)!) ? tokenIds.slice(0, -1) : tokenIds;
      const text = await continuationText(Array.from(prompts[at]!), spoken, decode);
      const own = outputs[at]!;
      own[place % repeats] = { text, truncated: finishReason === "length" };
      if (Object.keys(own).length === repeats) onAnswer(at, { outputs: own, scores: [] });
    },
  });
}

async function scoreChoices(
  scorer: ContinuationScorer,
  { model, tokenizer, addsSpecialTokens }: Speaker,
  requests: readonly TaskRequest[],
  { onPromptCut }: AskOptions,
): Promise<Answer[]> {
  const pairs = requests.flatMap(({ prompts, continuations }) =>
    continuations.map((continuation, at) => ({ prompt: prompts[at]!.encodableText, continuation })),
  );
  const seams = pairs.map(({ prompt, continuation }) => {
    // White space belongs to the word behind it, as tokenizers have it.
    const context = prompt.trimEnd();
    return { context, whole: context + prompt.slice(context.length) + continuation };
  });
  const encode = (texts: readonly string[]) =>
    tokenizer.encodeBatch(texts, { addSpecialTokens: addsSpecialTokens });
  const contexts = await encode(seams.map(({ context }) => context));
  const wholes = await encode(seams.map(({ whole }) => whole));
  const most = model.spec.maxPositionEmbeddings + 1;
  const scores = await scorer.score(
    wholes.map((whole, at) => {
      const start = contexts[at]!.length > 0 ? contexts[at]! : [prefixToken(model, tokenizer)];
      const continuation = whole.slice(contexts[at]!.length);
      const kept = Math.max(1, most - continuation.length);
      if (start.length > kept) onPromptCut();
      return { context: Int32Array.from(start.slice(-kept)), continuation: Int32Array.from(continuation) };
    }),
  );
  let next = 0;
  return requests.map(({ continuations }) => {
    const own = scores.slice(next, next + continuations.length);
    next += continuations.length;
    return { outputs: [], scores: own };
  });
}

async function scoreWhole(
  scorer: ContinuationScorer,
  { model, tokenizer }: Speaker,
  requests: readonly TaskRequest[],
): Promise<Answer[]> {
  const texts = requests.map(({ continuations }) => continuations[0]!);
  const encoded = await tokenizer.encodeBatch(texts, { addSpecialTokens: false });
  const scores = await scorer.scoreTexts(
    encoded.map((ids) => Int32Array.from(ids)),
    prefixToken(model, tokenizer),
  );
  return scores.map((logProbability) => ({ outputs: [], scores: [{ logProbability, isGreedy: null }] }));
}

/** What the first token of a text is read after. */
function prefixToken({ eosTokenIds }: CausalLM, { bosTokenId, eosTokenId }: Tokenizer): number {
  return bosTokenId ?? eosTokenId ?? eosTokenIds[0] ?? 0;
}
