/** @file Answers of a model that are kept while an evaluation is under way, so that one that was stopped goes on. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";
import { RunError } from "../errors.js";
import type { Answer } from "./score-task.js";

const line = z.object({
  doc_id: z.int(),
  /** Of the prompts. */
  prompt_hash: z.string(),
  outputs: z.array(z.object({ text: z.string(), truncated: z.boolean() })),
  scores: z.array(z.object({ logProbability: z.number(), isGreedy: z.boolean().nullable() })),
});

type Line = z.output<typeof line>;

/** A file of answers, a line for each row. Those of other prompts stay in it. */
export class AnswerFile {
  readonly #descriptor: number;
  readonly #promptHashes: ReadonlyMap<number, string>;
  /** Whether there are answers to other prompts in it. */
  readonly holdsOthers: boolean;
  /** Answers of earlier runs to the same prompts, by the number of the row. */
  readonly found: ReadonlyMap<number, Answer>;

  /**
   * Opens a file, or begins it.
   * @param promptHashes of the rows that are asked about, by their number
   * @throws {RunError} `EVALUATION_FOLDER` where it cannot be written
   */
  constructor(
    readonly path: string,
    promptHashes: ReadonlyMap<number, string>,
  ) {
    this.#promptHashes = promptHashes;
    this.#descriptor = openFile(path);
    const { lines, end } = readLines(this.#descriptor);
    // What is there is never written again: another stop, or a full disk, in the middle of that would lose it.
    ftruncateSync(this.#descriptor, end);
    const own = lines.filter(({ doc_id: id, prompt_hash: hash }) => promptHashes.get(id) === hash);
    this.holdsOthers = own.length < lines.length;
    this.found = new Map(own.map(({ doc_id: id, outputs, scores }) => [id, { outputs, scores }]));
  }

  /** Appends the answers to a row; they are on the disk when this returns. */
  append(documentId: number, answer: Answer): void {
    const entry = { doc_id: documentId, prompt_hash: this.#promptHashes.get(documentId), ...answer };
    let rest = Buffer.from(`${JSON.stringify(entry)}\n`);
    while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest));
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Opens a file to read it, and to write behind what it holds; makes it where there is none. */
function openFile(path: string): number {
  try {
    return openSync(path, "a+");
  } catch (error) {
    throw new RunError("EVALUATION_FOLDER", `${path} cannot be written; choose another output_path`, {
      cause: error,
    });
  }
}

/** The whole lines that can be read, and where the last one ends; behind it is what a run was writing when it ended. */
function readLines(descriptor: number): { lines: Line[]; end: number } {
  const content = readFileSync(descriptor);
  const end = content.lastIndexOf("\n") + 1;
  const lines = content
    .toString("utf8", 0, end)
    .split("\n")
    .flatMap((text) => line.safeParse(parsed(text)).data ?? []);
  return { lines, end };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
