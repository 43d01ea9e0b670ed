import { counted } from "../config/format-value.js";
import type { TrainEvent } from "../training/events.js";

/** What is told again at the end: the last message of a kind. */
interface Warning {
  message: string;
  count: number;
}

/** Gathers the warnings of a run, to sum them up at its end. */
export class WarningList {
  readonly #warnings = new Map<string, Warning>();

  add(event: TrainEvent): void {
    if (event.type === "start") for (const warning of event.warnings) this.#count(warning, warning);
    else if (event.type === "alert") this.#count(event.alert, event.message);
    else if (event.type === "warning") this.#count(event.kind, event.message);
  }

  /** A line for each kind; nothing where there was none. */
  get summary(): string[] {
    const kinds = [...this.#warnings.values()];
    if (kinds.length === 0) return [];
    const total = kinds.reduce((sum, { count }) => sum + count, 0);
    const lines = kinds.map(({ message, count }) =>
      count === 1 ? `  - ${message}` : `  - ${count} times, last: ${message}`,
    );
    return [`${counted(total, "warning")} in this run:`, ...lines];
  }

  #count(kind: string, message: string): void {
    this.#warnings.set(kind, { message, count: (this.#warnings.get(kind)?.count ?? 0) + 1 });
  }
}
