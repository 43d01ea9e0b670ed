/** @file `otr generate`: continues prompts with a model folder. */
import { type GenerateConfig, generateOptionSet, generateOptions } from "../config/generate-options.js";
import type { Tokenizer } from "../data/tokenizer.js";
import type { Generation } from "../generation/generate.js";
import type { FoundModel } from "../models/find-model.js";
import { commandHelp } from "./command-help.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT } from "./report-error.js";
import { writeNote } from "./write-note.js";

/** Runs `otr generate`; returns the exit status. */
export async function runGenerate(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(generateOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const generations = await continuePrompts(config, await find(config));
  for (const generation of generations) {
    if (generation.reachedContextLimit) {
      const prompt = JSON.stringify(generation.prompt.slice(0, 40));
      writeNote(`the continuation of ${prompt} ends because the model's context is full.`);
    }
    process.stdout.write(
      switches.has("json")
        ? jsonLine(generation)
        : plainText(generation, { count: generations.length, isChat: config.applyChatTemplate }),
    );
  }
  return EXIT.done;
}

/** The continuation of a prompt, and the adapter that it was computed with where several were named. */
type Continuation = Generation & { readonly adapter?: string };

/** The parts of the model, downloaded where they are of the Hub. */
async function find({
  model,
  modelRevision: revision,
  adapterNameOrPath,
}: GenerateConfig): Promise<FoundModel> {
  const [{ findModel }, { transferDisplay }] = await Promise.all([
    import("../models/find-model.js"),
    import("./transfer-display.js"),
  ]);
  const display = transferDisplay(process.stderr);
  const finding = findModel(model, adapterNameOrPath, { revision, onProgress: display.show });
  const found = await finding.finally(display.clear);
  for (const note of found.notes) writeNote(note);
  return found;
}

async function continuePrompts(config: GenerateConfig, found: FoundModel): Promise<Continuation[]> {
  const { loadTokenizer, checkTokenizerFitsModel } = await import("../data/tokenizer.js");
  const { setNumThreads } = await import("@one-token/torch");
  const { chooseDevice } = await import("../models/choose-device.js");
  const { loadModel } = await import("../models/load-model.js");
  const { loadAdapter } = await import("../models/adapter-files.js");
  const { tokenizerOfAdapter } = await import("../models/find-model.js");
  const { generate } = await import("../generation/generate.js");
  const tokenizer = await loadTokenizer(found.tokenizer);
  if (found.adapters.length === 0) {
    const { readModelSpec } = await import("../models/read-model-spec.js");
    checkTokenizerFitsModel(tokenizer, (await readModelSpec(found.model)).config.vocabSize);
  }
  // Prompts that cannot be written are found before a model is loaded.
  const asks = await Promise.all(
    (found.adapters.length === 0 ? [null] : found.adapters).map(async (adapter) => {
      const folder = adapter === null ? found.tokenizer : tokenizerOfAdapter(adapter, found);
      const own = folder === found.tokenizer ? tokenizer : await loadTokenizer(folder);
      return { adapter, own, prompts: await promptsOf(config, own) };
    }),
  );
  const device = chooseDevice(config.device);
  setNumThreads(config.numThreads);
  const model = await loadModel(found.model, { dtype: config.dtype, device });
  const { maxNewTokens, numReturnSequences, stop } = config;
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = config;
  const filters = { topK, topP, minP, repetitionPenalty };
  const sampling = { temperature, ...filters, seed, maxNewTokens, numReturnSequences };
  // A chat template writes the tokens around a text itself.
  const options = { ...sampling, stopStrings: stop, addSpecialTokens: !config.applyChatTemplate };
  try {
    const continuations: Continuation[] = [];
    for (const { adapter, own, prompts } of asks) {
      if (adapter !== null) {
        model.adapter = await loadAdapter(model, adapter);
        checkTokenizerFitsModel(own, model.vocabSize);
      }
      for (const [index, generation] of (await generate(model, own, prompts, options)).entries()) {
        const prompt = config.prompt[Math.floor(index / numReturnSequences)]!;
        const isOneOfSeveral = adapter !== null && asks.length > 1;
        continuations.push({ ...generation, prompt, ...(isOneOfSeveral && { adapter }) });
      }
      model.adapter?.dispose();
      model.adapter = null;
    }
    return continuations;
  } finally {
    model.adapter?.dispose();
    model.dispose();
  }
}

/** What the model is given. */
async function promptsOf(
  { prompt, applyChatTemplate, systemPrompt }: GenerateConfig,
  tokenizer: Tokenizer,
): Promise<readonly string[]> {
  const { chatPrompt } = await import("../generation/chat-prompt.js");
  const prompts = applyChatTemplate
    ? prompt.map((user) => chatPrompt(tokenizer, user, systemPrompt))
    : prompt;
  const lost = new Set((await tokenizer.lostCharacters(prompts)).flat());
  if (lost.size > 0) {
    writeNote(`the tokenizer has no token for ${[...lost].join(" ")}: the model does not see what they say.`);
  }
  return prompts;
}

/** The contract of `--json`: the continuation only, in one line. */
function jsonLine({ prompt, text, tokenIds, finishReason, adapter }: Continuation): string {
  const line = {
    prompt,
    text,
    token_ids: Array.from(tokenIds),
    finish_reason: finishReason,
    ...(adapter !== undefined && { adapter }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Prompt and continuation as one text, of a chat the answer alone; several are set apart by a line. */
function plainText(
  { prompt, text, adapter }: Continuation,
  { count, isChat }: { readonly count: number; readonly isChat: boolean },
): string {
  const title = adapter === undefined ? prompt : `${adapter}: ${prompt}`;
  const shown = isChat ? text : `${prompt}${text}`;
  return count === 1 ? `${shown}\n` : `--- ${title}\n${shown}\n`;
}

function help(): string {
  return commandHelp(generateOptions, {
    usage: "otr generate [CONFIG.yaml] --model MODEL --prompt TEXT [--option value ...]",
    summary: "Continues prompts. The text goes to standard output.",
    switches: {
      json: "Print one JSON line a prompt: prompt, text, token_ids, finish_reason; text is the continuation only.",
    },
    examples: [
      'otr generate --model out --prompt "Once upon a time" --temperature 0',
      'otr generate --model out --apply_chat_template true --prompt "What is 2 + 2?"',
    ],
  });
}
