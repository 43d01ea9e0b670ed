/** @file A training run with everything around it that a command has: what is shown, and signals that stop it. */
import type { StopSignal } from "@one-token/torch";
import type { TrainOptions } from "../training/train.js";
import { EXIT } from "./report-error.js";
import { terminalStyle } from "./terminal-style.js";
import { hasTerminal } from "./watch-terminal.js";

/** Said when a signal comes while model and rows are read. */
const NOT_BEGUN = "\nInterrupted before training began; there is nothing to save.\n";

/** Said at once when Ctrl-C comes while the weights are loaded, without a pause in which it could be obeyed. */
const LOADING = "\nInterrupted: leaving as soon as the weights are loaded; a second Ctrl-C leaves at once.\n";

/** Said at once when the first signal comes, in the middle of a step. */
const STOPPING = "\nStopping after this step to save the model; a second Ctrl-C leaves at once.\n";

/**
 * Runs `body` with the options of a run that is shown to a person on standard error, and stops at a signal.
 *
 * @param isJson whether a program reads events from standard output too
 */
export async function watchTraining<T>(
  isJson: boolean,
  body: (options: TrainOptions) => Promise<T>,
): Promise<T> {
  const [{ jsonDisplay, lineDisplay, liveDisplay }, { installSignalHandler, pendingSignals }] =
    await Promise.all([import("./train-display.js"), import("@one-token/torch")]);
  const style = process.stderr.isTTY ? terminalStyle(process.env) : null;
  const isInterrupted = () => pendingSignals() > 0;
  const toPerson =
    style === null
      ? lineDisplay((text) => process.stderr.write(text))
      : liveDisplay(process.stderr, style, { isInterrupted });
  const toProgram = isJson ? jsonDisplay((text) => process.stdout.write(text)) : null;
  const leave = () => {
    process.stderr.write(NOT_BEGUN);
    process.exit(EXIT.interrupted);
  };
  process.once("SIGINT", leave);
  const training = body({
    onEvent(event) {
      if (event.type === "load") {
        process.off("SIGINT", leave);
        installSignalHandler(LOADING, ["SIGINT"]);
      }
      if (event.type === "loaded") {
        if (isInterrupted()) leave();
        installSignalHandler(STOPPING, stopSignals());
      }
      toProgram?.(event);
      toPerson(event);
    },
    shouldStop: isInterrupted,
  });
  return training
    .catch((error: unknown) => {
      // A bar may stand where the error is written.
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
      throw error;
    })
    .finally(() => process.off("SIGINT", leave));
}

/** A run without a terminal outlives the one that it was started from (`nohup`). */
const stopSignals = (): StopSignal[] =>
  hasTerminal() ? ["SIGINT", "SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM"];
