/** @file Shows how far a comparison is: bars on a terminal, a line for each finished run elsewhere. */
import type { FinishedRun, Job, Progress } from "./comparison.js";
import { methods, type SettingName, settingNames, settings } from "./settings.js";

/** Progress that can leave the terminal as it found it. */
export interface ProgressDisplay extends Progress {
  /** Removes the bars, if any. */
  close(): void;
}

/** Writes to `stream`: bars if it is a terminal, else plain lines. */
export const progressDisplay = (stream: NodeJS.WriteStream): ProgressDisplay =>
  stream.isTTY ? new ProgressBars(stream) : new ProgressLines(stream);

class ProgressLines implements ProgressDisplay {
  #total = 0;
  #finished = 0;

  constructor(readonly stream: NodeJS.WritableStream) {}

  started(jobs: readonly Job[]): void {
    this.#total = jobs.length;
  }

  advanced(): void {}

  finished({ setting, method, seed, result }: FinishedRun): void {
    this.#finished++;
    const { test, hard, other } = result.accuracy;
    const name = method
      ? `${settings[setting].title}, ${methods[method].title}, seed ${seed}`
      : `base model, ${settings[setting].target}`;
    const count = `[${String(this.#finished).padStart(String(this.#total).length)}/${this.#total}]`;
    this.stream.write(
      `${count} ${name}: test ${test.toFixed(1)} %, hard ${hard.toFixed(1)} %, other ${other.toFixed(1)} %\n`,
    );
  }

  close(): void {}
}

class ProgressBars implements ProgressDisplay {
  static readonly #WIDTH = 30;
  readonly #shares = new Map<Job, number>();
  #startTime = 0;
  #drawnLines = 0;

  constructor(readonly stream: NodeJS.WriteStream) {}

  started(jobs: readonly Job[]): void {
    this.#startTime = performance.now();
    for (const job of jobs) this.#shares.set(job, 0);
    this.#draw();
  }

  advanced(job: Job, share: number): void {
    this.#shares.set(job, share);
    this.#draw();
  }

  finished(run: FinishedRun): void {
    for (const job of this.#shares.keys()) {
      if (job.setting === run.setting && job.method === run.method && job.seed === run.seed)
        this.#shares.set(job, 1);
    }
    this.#draw();
  }

  close(): void {
    this.#erase();
  }

  #draw(): void {
    const lines = settingNames.filter((name) => this.#jobs(name).length > 0).map((name) => this.#bar(name));
    lines.push(this.#timeLeft());
    this.#erase();
    this.stream.write(`${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.stream.write(`\x1b[${this.#drawnLines}A\x1b[0J`);
    this.#drawnLines = 0;
  }

  #jobs(setting: SettingName): Job[] {
    return [...this.#shares.keys()].filter((job) => job.setting === setting);
  }

  #bar(setting: SettingName): string {
    const jobs = this.#jobs(setting);
    const done = jobs.reduce((sum, job) => sum + this.#shares.get(job)!, 0);
    const filled = Math.floor((done / jobs.length) * ProgressBars.#WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(ProgressBars.#WIDTH - filled);
    const finished = jobs.filter((job) => this.#shares.get(job) === 1).length;
    return `  ${settings[setting].title.padEnd(14)} ${bar} ${finished}/${jobs.length} runs`;
  }

  #timeLeft(): string {
    const done = [...this.#shares.values()].reduce((sum, share) => sum + share, 0);
    const seconds = (performance.now() - this.#startTime) / 1000;
    if (done < 1) return "  measuring ...";
    return `  about ${Math.ceil((seconds / done) * (this.#shares.size - done))} s left`;
  }
}
