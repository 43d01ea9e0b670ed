/** @file Answers of a model that are kept while an evaluation is under way, so that one that was stopped goes on. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
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
    const lines = readLines(path);
    const own = lines.filter(({ doc_id: id, prompt_hash: hash }) => promptHashes.get(id) === hash);
    this.holdsOthers = own.length < lines.length;
    this.found = new Map(own.map(({ doc_id: id, outputs, scores }) => [id, { outputs, scores }]));
    try {
      this.#descriptor = openSync(path, "w");
    } catch (error) {
      throw new RunError("EVALUATION_FOLDER", `${path} cannot be written; choose another output_path`, {
        cause: error,
      });
    }
    this.#write(lines);
  }

  /** Appends the answers to a row; they are on the disk when this returns. */
  append(documentId: number, answer: Answer): void {
    this.#write([{ doc_id: documentId, prompt_hash: this.#promptHashes.get(documentId), ...answer }]);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(lines: readonly object[]): void {
    let rest = Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join(""));
    while (rest.length > 0) rest = rest.subarray(writeSync(this.#descriptor, rest));
    fsyncSync(this.#descriptor);
  }
}

/** Reads up to the first line that is damaged, as the last is where the machine went down. */
function readLines(path: string): Line[] {
  const lines: Line[] = [];
  if (!existsSync(path)) return lines;
  for (const text of readFileSync(path, "utf8").split("\n")) {
    const read = line.safeParse(parsed(text));
    if (!read.success) break;
    lines.push(read.data);
  }
  return lines;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
