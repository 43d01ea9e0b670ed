import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";

const MODULE = new URL("../../dist/cli/watch-training.js", import.meta.url).href;

/** Runs a training of these statements in a process of its own: a signal is caught for all of one. */
const watch = (training: string) => {
  const program = `
    const { watchTraining } = await import(${JSON.stringify(MODULE)});
    await watchTraining(false, async ({ onEvent, shouldStop }) => { ${training} });`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
};
const INTERRUPT = 'process.kill(process.pid, "SIGINT");';

it("says at once that Ctrl-C was heard while the weights are loaded, and leaves before the folder is changed", () => {
  const { status, stderr, stdout } = watch(`
    onEvent({ type: "load" }); ${INTERRUPT} process.stderr.write("loading");
    onEvent({ type: "loaded" }); console.log("changed");`);
  expect(stderr).toBe(
    "\nInterrupted: leaving as soon as the weights are loaded; a second Ctrl-C leaves at once.\nloading" +
      "\nInterrupted before training began; there is nothing to save.\n",
  );
  expect([status, stdout]).toEqual([130, ""]);
});

it("stops after a step from then on", () => {
  const { status, stderr, stdout } = watch(`
    onEvent({ type: "load" }); onEvent({ type: "loaded" }); ${INTERRUPT} console.log(shouldStop());`);
  expect(stderr).toBe("\nStopping after this step to save the model; a second Ctrl-C leaves at once.\n");
  expect([status, stdout]).toEqual([0, "true\n"]);
});
