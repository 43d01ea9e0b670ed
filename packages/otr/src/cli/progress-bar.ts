/** @file A one-line progress bar for terminals. */
import { terminalWidth } from "./fit-terminal.js";

/** The part of `process.stderr` that the bar uses. */
export interface BarStream {
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Draws `label 37% [=======>            ] 28/76 details 0:12 left` over itself on one line, at most ten times a
 * second and never wider than 80 columns or the terminal.
 */
export class ProgressBar {
  readonly #stream: BarStream;
  readonly #total: number;
  readonly #label: string;
  readonly #format: (count: number) => string;
  readonly #now: () => number;
  readonly #start: number;
  #lastDraw = Number.NEGATIVE_INFINITY;
  #drawn = false;

  /**
   * @param total Number of units that make 100 %.
   * @param format How a number of units is written.
   * @param now Clock in milliseconds.
   */
  constructor(
    stream: BarStream,
    {
      total,
      label = "",
      format = String,
      now = () => performance.now(),
    }: { total: number; label?: string; format?: (count: number) => string; now?: () => number },
  ) {
    this.#stream = stream;
    this.#total = total;
    this.#label = label;
    this.#format = format;
    this.#now = now;
    this.#start = now();
  }

  /** Shows that `done` units are finished, with `details` such as the loss. */
  update(done: number, details = ""): void {
    const now = this.#now();
    if (now - this.#lastDraw < 100 && done < this.#total) return;
    this.#lastDraw = now;
    this.#drawn = true;
    this.#stream.write(`\r${this.#line(done, details, now - this.#start)}\u001b[K`);
  }

  /** Takes the bar off the screen, so that other lines can be written. */
  clear(): void {
    if (this.#drawn) this.#stream.write("\r\u001b[K");
    this.#drawn = false;
    this.#lastDraw = Number.NEGATIVE_INFINITY;
  }

  #line(done: number, details: string, elapsed: number): string {
    const share = this.#total > 0 ? Math.min(1, done / this.#total) : 1;
    const left = done > 0 && share < 1 ? `${formatDuration((elapsed * (1 - share)) / share)} left` : "";
    const label = this.#label === "" ? "" : `${this.#label} `;
    const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
    const text = [`${this.#format(done)}/${this.#format(this.#total)}`, details, left]
      .filter((part) => part !== "")
      .join("  ");
    // The last column stays free: some terminals break the line when it is filled.
    const width = Math.min(80, terminalWidth(this.#stream)) - 1;
    const room = Math.min(30, width - label.length - percent.length - text.length - 4);
    const gauge = room >= 5 ? ` [${"=".repeat(Math.round(share * room)).padEnd(room)}] ` : " ";
    return `${label}${percent}${gauge}${text}`.slice(0, width);
  }
}

/** Milliseconds as `0:07`, `12:30` or `1:02:03`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
