/** @file What the closing of the terminal does to this program. */
import { closeSync } from "node:fs";
import { isatty } from "node:tty";

const STANDARD_STREAMS = [0, 1, 2];

/** Whether one of the standard streams is a terminal now. */
export const hasTerminal = (): boolean => STANDARD_STREAMS.some((descriptor) => isatty(descriptor));

let isWatched = false;

/**
 * Makes SIGHUP harmless where no terminal belongs to the program (`nohup`, a service), and the exit clean where one has
 * been closed. Further calls change nothing.
 */
export function watchTerminal(): void {
  if (isWatched) return;
  isWatched = true;
  // nohup makes the programs that it starts ignore this signal, and Node undoes that at its start.
  if (!hasTerminal()) process.on("SIGHUP", () => {});
  const terminals = STANDARD_STREAMS.filter((descriptor) => isatty(descriptor));
  process.on("exit", () => {
    // At its end Node restores the modes of the terminals that it had at its start, and aborts where one has gone.
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}
