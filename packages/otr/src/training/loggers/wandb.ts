/** @file Reports to wandb through its own Python client: its HTTP interface is not public. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { LoggedRun, Logger } from "./logger.js";

const PROGRAM = fileURLToPath(new URL("../../../exporters/wandb_log.py", import.meta.url));

const answerSchema = z.object({ place: z.string().optional(), error: z.string().optional() });

/** Starts `exporters/wandb_log.py`. Wandb drops lines of steps that it has already. */
export async function openWandb(run: LoggedRun): Promise<Logger> {
  const client = new WandbClient();
  try {
    const { id, name, project, record } = run;
    const setting = { id, name, project, folder: resolve(run.folder), config: record.config };
    const { place = "wandb" } = await client.ask({ open: setting });
    return {
      place,
      log: async (lines) => void (await client.ask({ lines: lines.map(({ values }) => values) })),
      async finish(status) {
        await client.ask({ finish: status });
      },
      close: () => client.close(),
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

type Answer = z.output<typeof answerSchema>;

/** The program, asked one thing at a time. */
class WandbClient {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #answered: (answer: Answer) => void = () => {};
  #lastWords = "";
  #isEnded = false;

  constructor() {
    // In a session of its own: Ctrl-C is for the training, which then says how the run ended.
    const child = spawn("python3", [PROGRAM], { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#process = child;
    createInterface({ input: child.stdout }).on("line", (line) => this.#answered(readAnswer(line)));
    child.stderr.on("data", (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString()).slice(-500);
    });
    const end = (reason: string) => {
      this.#isEnded = true;
      this.#answered({ error: reason });
    };
    child.stdin.on("error", () => {});
    child.on("error", (error) => end(`python3 cannot be started: ${error.message}`));
    child.on("close", () => end(`wandb's client ended: ${this.#lastWords.trim() || "without a word"}`));
  }

  async ask(request: object): Promise<Answer> {
    if (this.#isEnded) throw new Error("wandb's client has ended");
    const answer = new Promise<Answer>((resolve) => {
      this.#answered = resolve;
    });
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const { error, ...rest } = await answer;
    if (error !== undefined) throw new Error(error);
    return rest;
  }

  /** Standard input ends, and the program with it. */
  close(): void {
    this.#process.stdin.end();
    this.#process.unref();
  }
}

function readAnswer(line: string): Answer {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return { error: `wandb's client answered ${JSON.stringify(line.slice(0, 100))}` };
  }
}
