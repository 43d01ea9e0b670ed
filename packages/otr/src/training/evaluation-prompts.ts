/** @file The prompts that a run continues at each evaluation. */
import { z } from "zod";
import { isPromptFile } from "../config/prompt-file.js";
import { readBounded } from "../config/read-bounded.js";
import type { TrainConfig } from "../config/train-options.js";
import { loadChatTemplate } from "../data/chat-template.js";
import { chatTemplatePathOf } from "../data/named-chat-templates.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";
import type { ModelConfig } from "../models/model-config.js";

/** A prompt, ready to be continued. */
export interface EvaluationPrompt {
  /** As the model reads it: a conversation as the chat template writes it. */
  readonly prompt: string;
  readonly tokenIds: readonly number[];
}

/** Prompts with the tokenizer that turns their continuations into text. */
export interface EvaluationPrompts {
  readonly prompts: readonly EvaluationPrompt[];
  readonly tokenizer: Tokenizer;
}

type PromptOptions = Pick<TrainConfig, "evalPrompts" | "chatTemplate" | "chatTemplatePath">;

const LARGEST_FILE = 2 ** 20;
const MOST_PROMPTS = 64;

const messages = z.array(z.looseObject({ role: z.string() })).min(1);
const promptRow = z.union([
  z.object({ prompt: z.string().min(1) }),
  z.object({ prompt: messages }).transform(({ prompt }) => ({ messages: prompt })),
  z.object({ messages }),
]);

/** A text to be continued, or a conversation to be answered, and where it stands. */
interface WrittenPrompt {
  readonly where: string;
  readonly content: string | z.output<typeof messages>;
}

/**
 * Reads the prompts of `eval_prompts`, and the files among them.
 * @throws {DataError} `EVAL_PROMPTS_INVALID` with the file and line; as `loadChatTemplate` and `ChatTemplate.render`
 */
export async function readEvaluationPrompts(
  options: PromptOptions,
  tokenizer: Tokenizer,
  { maxPositionEmbeddings }: Pick<ModelConfig, "maxPositionEmbeddings">,
): Promise<EvaluationPrompts> {
  const written = options.evalPrompts.flatMap(readWritten);
  if (written.length > MOST_PROMPTS) {
    throw invalid(
      `eval_prompts has ${written.length} prompts, and training waits for them at each evaluation; keep at most ${MOST_PROMPTS}`,
    );
  }
  const prompts: EvaluationPrompt[] = [];
  for (const { where, content } of written) {
    const prompt = await encodePrompt(content, options, tokenizer);
    const { length } = prompt.tokenIds;
    if (length === 0) throw invalid(`${where}: the prompt has no tokens, so there is nothing to continue`);
    if (length >= maxPositionEmbeddings) {
      throw invalid(
        `${where}: the prompt has ${length} tokens, but the model's context holds ${maxPositionEmbeddings}, prompt and continuation together; shorten it`,
      );
    }
    prompts.push(prompt);
  }
  return { prompts, tokenizer };
}

const invalid = (message: string): DataError => new DataError("EVAL_PROMPTS_INVALID", message);

function readWritten(entry: string, index: number): WrittenPrompt[] {
  if (!isPromptFile(entry)) return [{ where: `eval_prompts, number ${index + 1}`, content: entry }];
  const read = entry.endsWith(".txt") ? (line: string) => line : rowContent;
  const lines = readFile(entry).split(/\r?\n/);
  return lines.flatMap((line, at) => {
    if (line.trim() === "") return [];
    const where = `${entry}:${at + 1}`;
    const content = read(line);
    if (content === null) {
      throw invalid(
        `${where}: found ${line.slice(0, 60)}, but a line holds {"prompt": "..."} or {"messages": [{"role": "user", "content": "..."}]}`,
      );
    }
    return [{ where, content }];
  });
}

function readFile(path: string): string {
  try {
    return readBounded(path, LARGEST_FILE);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw invalid(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Null where the line is no row with a prompt. */
function rowContent(line: string): WrittenPrompt["content"] | null {
  try {
    const row = promptRow.parse(JSON.parse(line));
    return "messages" in row ? row.messages : row.prompt;
  } catch {
    return null;
  }
}

async function encodePrompt(
  content: WrittenPrompt["content"],
  options: PromptOptions,
  tokenizer: Tokenizer,
): Promise<EvaluationPrompt> {
  if (typeof content === "string") return { prompt: content, tokenIds: await tokenizer.encode(content) };
  const template = loadChatTemplate(tokenizer, chatTemplatePathOf(options));
  const { text, encodableText } = template.render(content, { addGenerationPrompt: true });
  return { prompt: text, tokenIds: await tokenizer.encode(encodableText, { addSpecialTokens: false }) };
}
