/** @file A profile in the trace event format, which Perfetto (ui.perfetto.dev) and chrome://tracing open. */
import type { ProfiledStep, ProfileSummary } from "./profile-summary.js";

/** The text of the file; the summary stands in `otherData`. */
export function chromeTrace(steps: readonly ProfiledStep[], summary: ProfileSummary): string {
  const pid = process.pid;
  const threads = new Set(steps.flatMap(({ profile }) => profile.events.map(({ thread }) => thread)));
  const main = steps[0]?.profile.thread;
  const names = [...threads].map((tid) => ({
    name: "thread_name",
    ph: "M",
    pid,
    tid,
    args: { name: tid === main ? "JavaScript" : `autograd ${tid}` },
  }));
  const events = steps.flatMap(({ step, start, end, profile }) => {
    const whole = { name: `step ${step}`, category: "step", thread: profile.thread, start, end };
    return [whole, ...profile.events].map(({ name, category, thread, start, end }) => ({
      name,
      cat: category,
      ph: "X",
      // Microseconds.
      ts: start / 1000,
      dur: (end - start) / 1000,
      pid,
      tid: thread,
    }));
  });
  // One line an event: a file of one line is more than many an editor opens.
  const lines = [...names, ...events].map((event) => JSON.stringify(event));
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(summary)},"traceEvents":[\n${lines.join(",\n")}\n]}\n`;
}
