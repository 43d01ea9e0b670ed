import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { optionName } from "../../src/config/option-name.js";
import type { TrainEvent } from "../../src/training/events.js";
import { makeRunWorkspace } from "./run-workspace.js";

const PROGRAM = fileURLToPath(new URL("../../bin/otr.js", import.meta.url));

it("what is planned is of the same things as the resident memory that is shown beside it", async () => {
  const work = await makeRunWorkspace();
  const input = work.input({ maxSteps: 20, loggingSteps: 1, saveStrategy: "steps", saveSteps: 10 });
  const options = Object.entries(input).flatMap(([key, value]) => [`--${optionName(key)}`, String(value)]);
  const { stdout } = spawnSync(process.execPath, [PROGRAM, "train", ...options, "--json"], {
    encoding: "utf8",
  });
  const events: TrainEvent[] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const planned = events.find((event) => event.type === "start")!.memory!.planned;
  const most = Math.max(
    ...events.map((event) => (event.type === "step" && event.metrics?.memory_bytes) || 0),
  );
  expect(most / planned).toBeGreaterThan(0.7);
  expect(most / planned).toBeLessThan(1.15);
  work.dispose();
});
