/** @file Turns an error into words on standard error and an exit status. */
import { ConfigError, DataError, isOutOfMemory, UsageError } from "../errors.js";
import { fitTerminal, type TextStream, terminalWidth } from "./fit-terminal.js";
import { wrapText } from "./wrap-text.js";

const OUT_OF_MEMORY =
  "There is not enough memory. A smaller --per_device_train_batch_size or --max_length, --gradient_checkpointing true and " +
  "--optim adamw_8bit or adafactor need less; `otr plan` with the same options tells how much.";

/** Exit statuses that scripts rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/**
 * Writes what went wrong and returns the exit status: 2 for wrong usage, configuration or data, otherwise 1. The
 * stack is shown for defects of this program, and for every error where `OTR_DEBUG` is `1`.
 */
export function reportError(error: unknown, stream: TextStream = process.stderr): number {
  stream.write(`${errorText(error, stream)}\n`);
  if (process.env.OTR_DEBUG === "1" && error instanceof Error) stream.write(`${stackWithCauses(error)}\n`);
  const isUsers = error instanceof ConfigError || error instanceof UsageError || error instanceof DataError;
  return isUsers ? EXIT.usage : EXIT.failed;
}

function errorText(error: unknown, stream: TextStream): string {
  if (error instanceof ConfigError) return configErrorText(error, terminalWidth(stream));
  if (!(error instanceof Error)) return `otr: ${error}`;
  if (isOutOfMemory(error)) return fitTerminal(`otr: ${error.message}\n${OUT_OF_MEMORY}`, stream);
  if (isExpected(error)) return fitTerminal(`otr: ${error.message}`, stream);
  return `otr: internal: ${error.message}\nThis is a defect of the program, not of your input.\n${error.stack ?? ""}`;
}

function configErrorText({ problems }: ConfigError, width: number): string {
  const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
  const lines = problems.map(
    ({ where, message }) => `  ${where}\n${wrapText(message, { width, indent: 6 })}`,
  );
  return `otr: ${count} in the configuration. Nothing was loaded or written.\n${lines.join("\n")}`;
}

/** Errors thrown on purpose carry a stable code; Node's own `ERR_` codes mark wrong calls of its functions. */
function isExpected(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && !error.code.startsWith("ERR_");
}

function stackWithCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackWithCauses(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
