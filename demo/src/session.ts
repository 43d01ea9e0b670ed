/** @file What the demonstration's programs have in common: options, a folder that never stays behind, exit status. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** Ends a program with a status of its own and one message for the person. */
export class Exit extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Values<Options extends ParseArgsOptions> = ReturnType<typeof parseArgs<{ options: Options }>>["values"];
type ParseArgsOptions = NonNullable<ParseArgsConfig["options"]>;

/** Parses `process.argv`; an option that does not exist or lacks its value is an {@link Exit} with status 2. */
export function parseOptions<Options extends ParseArgsOptions>(options: Options): Values<Options> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    throw new Exit(2, `${(error as Error).message}\nThe options are: ${names.join(", ")}.`);
  }
}

/** How many runs go side by side: one a core, each with one thread, and no more than memory bears well. */
export const workerCount = (): number => Math.min(availableParallelism(), 8);

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs `work` with an empty temporary folder and a signal that is aborted when the person interrupts.
 * The folder is removed whatever happens; an interruption ends as an {@link Exit} with status 130.
 */
export async function withWorkFolder<T>(
  work: (folder: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "one-token-demo-"));
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Exit(130, "Interrupted; nothing was left behind."));
  for (const name of SIGNALS) process.on(name, interrupt);
  try {
    return await work(folder, controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program and sets the exit status: what it returns, an {@link Exit}'s, or 1 for any other error. */
export async function runProgram(program: () => Promise<number>): Promise<void> {
  // A reader that has seen enough, such as `head`, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    process.exitCode = await program();
  } catch (error) {
    process.exitCode = error instanceof Exit ? error.status : 1;
    console.error(error instanceof Error ? error.message : String(error));
  }
}
