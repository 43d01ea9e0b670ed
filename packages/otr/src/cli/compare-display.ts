/** @file What a person sees of a comparison: a line for each run that ends, and those under way below on a terminal. */
import { counted } from "../config/format-value.js";
import type { ComparisonEvent, Stage } from "../experiments/run-comparison.js";
import { fitTerminal, type TextStream } from "./fit-terminal.js";
import { LiveRegion } from "./live-region.js";

const TITLES: Readonly<Record<Stage, string>> = {
  base: "Measuring the base models",
  timing: "Timing steps",
  selection: "Choosing learning rates",
  final: "Repeating the best learning rates over seeds",
};

/** Shows a comparison as it goes on. */
export interface CompareDisplay {
  show(event: ComparisonEvent): void;
  /** Takes the live lines off the screen. */
  clear(): void;
}

/** Lines on `stream`. */
export function compareDisplay(stream: TextStream & { readonly rows?: number }): CompareDisplay {
  const live = stream.isTTY ? new LiveRegion(stream) : null;
  const underWay = new Map<string, string>();
  let [done, total] = [0, 0];
  const draw = () => live?.draw([...underWay].map(([run, state]) => `  ${state}  ${run}`));
  const write = (text: string) => {
    live?.clear();
    stream.write(fitTerminal(`${text}\n`, stream));
    draw();
  };
  const end = (run: string) => {
    underWay.delete(run);
    done += 1;
  };
  return {
    show(event) {
      switch (event.type) {
        case "stage": {
          [done, total] = [event.finished, event.runs];
          const there = event.finished > 0 ? `, ${event.finished} there already` : "";
          return write(`${TITLES[event.stage]}: ${counted(event.runs, "run")}${there}.`);
        }
        case "progress":
          underWay.set(event.run, `${event.doing} ${(100 * event.share).toFixed(0)} %`);
          return draw();
        case "finished":
          end(event.run);
          return write(`  ${done} of ${total}  ${event.run}  ${event.seconds.toFixed(1)} s`);
        case "failed":
          end(event.run);
          return write(`  ${done} of ${total}  ${event.run} failed: ${event.reason}`);
        case "note":
          return write(`note: ${event.message}`);
      }
    },
    clear: () => live?.clear(),
  };
}
