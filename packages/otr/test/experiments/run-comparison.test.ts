import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ComparisonEvent, runComparison } from "../../src/experiments/run-comparison.js";
import type { RunOrder } from "../../src/experiments/run-order.js";
import { prepareObjective } from "../../src/experiments/comparison-cell.js";
import { buildReport } from "../../src/experiments/build-report.js";
import { inThisProcess, makeComparisonWorkspace } from "./comparison-workspace.js";

type Workspace = Awaited<ReturnType<typeof makeComparisonWorkspace>>;

let workspace: Workspace;
beforeEach(async () => {
  workspace = await makeComparisonWorkspace();
});
afterEach(() => workspace.dispose());

const trained = (orders: readonly RunOrder[]) => orders.filter(({ training }) => training !== null);

it("tries every learning rate, repeats the best over seeds, and repeats nothing when it is called again", async () => {
  const orders: RunOrder[] = [];
  const finished = await runComparison(workspace.config(), { start: inThisProcess(orders) });
  // The base; two learning rates of two objectives; and the best of each again, with two seeds.
  expect(orders).toHaveLength(1 + 4 + 4);
  expect(new Set(trained(orders).map(({ folder }) => folder)).size).toBe(4 + 2);
  const tried = trained(orders).slice(0, 4);
  expect(tried.map(({ training }) => [training?.lossType, training?.learningRate, training?.seed])).toEqual([
    ["nll", 1e-3, 1],
    ["nll", 1e-2, 1],
    ["otr", 1e-3, 1],
    ["otr", 1e-2, 1],
  ]);
  // What chooses a learning rate sees the validation items alone.
  expect(tried.every(({ tasks }) => tasks.length === 1 && tasks[0]?.name === "held_out")).toBe(true);

  const report = buildReport(finished);
  expect(report.choices.map(({ objective, candidates }) => [objective, candidates.length])).toEqual([
    ["sft", 2],
    ["otr", 2],
  ]);
  expect(report.cells[0]?.tasks.map(({ task, role, items }) => [task, role, items])).toEqual([
    ["same", "in_domain", 3],
    ["old", "forgetting", 2],
  ]);
  expect(report.cells[0]?.tokens.map(({ objective }) => objective)).toEqual(["sft", "otr"]);
  expect(report.cells[0]?.tokens[0]?.rows).toHaveLength(3);
  expect(report.verdict[0]).toContain("o difference could be shown");
  for (const run of report.runs) expect(run.cost).toMatchObject({ steps: 2 });

  const weights = (folder: string) => statSync(join(folder, "model.safetensors")).mtimeMs;
  const before = finished.runs.map(({ folder }) => weights(folder));
  const again: RunOrder[] = [];
  const repeated = await runComparison(workspace.config(), { start: inThisProcess(again) });
  expect(again).toEqual([]);
  expect(repeated.runs.map(({ folder }) => weights(folder))).toEqual(before);
  expect({ ...buildReport(repeated), created: "" }).toEqual({ ...report, created: "" });
});

const grpo = {
  loss_type: "grpo",
  reward_funcs: ["exact_match"],
  num_generations: 2,
  num_iterations: 2,
  max_completion_length: 3,
};

it("compares what learns from the model's own answers, at equal seconds", async () => {
  const { maxSteps: _, ...train } = workspace.input().train as Record<string, unknown>;
  const orders: RunOrder[] = [];
  const config = workspace.config({
    ...{ objectives: { sft: { loss_type: "nll" }, grpo }, learningRates: [1e-3], seeds: [1] },
    ...{ train, budget: { seconds: 0.4 } },
  });
  const report = buildReport(await runComparison(config, { start: inThisProcess(orders) }));
  const timed = orders.filter(({ folder }) => folder.includes("/timing/"));
  expect(timed.map(({ training }) => [training?.lossType, training?.maxSteps])).toEqual([
    ["nll", 12],
    // As many times more as steps are made with the same answers.
    ["grpo", 24],
  ]);
  const [sft, own] = report.runs;
  expect(own!.cost!.steps).toBeLessThan(sft!.cost!.steps);
  expect(own!.cost!.tokens).toBeGreaterThan(0);
});

it("counts answers of the model as long as the row's own, for a budget in tokens", async () => {
  const { maxSteps: _, ...train } = workspace.input().train as Record<string, unknown>;
  const config = workspace.config({
    objectives: { sft: { loss_type: "nll" }, grpo },
    train,
    budget: { tokens: 600 },
  });
  const folder = workspace.path("comparison");
  const [sft, own] = await Promise.all(
    ["sft", "grpo"].map((objective) =>
      prepareObjective(config, { model: "base", dataset: "rows" }, objective, folder),
    ),
  );
  // A step has four rows, or two prompts with two answers each.
  const [steps, ownSteps] = [sft!.stepsForTokens(600, 1), own!.stepsForTokens(600, 1)];
  expect(steps).toBeGreaterThan(5);
  expect(Math.abs(ownSteps - steps)).toBeLessThanOrEqual(2);
});

it("goes on where it was stopped, and begins no run that was finished", async () => {
  const controller = new AbortController();
  const first: RunOrder[] = [];
  const start = inThisProcess(first);
  const stopped = runComparison(workspace.config(), {
    signal: controller.signal,
    start: (order, onProgress) => {
      if (first.length === 3) controller.abort(new Error("stopped"));
      return start(order, onProgress);
    },
  });
  await expect(stopped).rejects.toThrow("stopped");
  const [base, done] = first.map(({ folder }) => folder);
  const written = () => statSync(join(done!, "model.safetensors")).mtimeMs;
  const before = written();
  const second: RunOrder[] = [];
  await runComparison(workspace.config(), { start: inThisProcess(second) });
  expect(second.map(({ folder }) => folder)).not.toContain(base);
  expect(written()).toBe(before);
});

it("lets the other runs go on where one fails, says so, and tries it again by the next call", async () => {
  const events: ComparisonEvent[] = [];
  const start = inThisProcess();
  const config = workspace.config({ learningRates: [1e-3] });
  const finished = await runComparison(config, {
    onEvent: (event) => events.push(event),
    start: (order, onProgress) => {
      const fails = order.training?.lossType === "otr" && order.training.seed === 2;
      return fails
        ? { result: Promise.reject(new Error("it broke")), kill: async () => {} }
        : start(order, onProgress);
    },
  });
  expect(events.filter(({ type }) => type === "failed")).toMatchObject([{ reason: "it broke" }]);
  const report = buildReport(finished);
  expect(report.runs.filter(({ failure }) => failure === "it broke")).toHaveLength(1);
  expect(report.warnings.join("\n")).toContain("failed and is not counted: it broke");
  // Objectives are compared by the seeds that both have.
  expect(report.cells[0]?.tasks[0]?.differences[0]?.seed_interval).toBeNull();

  const retried: RunOrder[] = [];
  await runComparison(config, { start: inThisProcess(retried) });
  expect(retried.map(({ training }) => [training?.lossType, training?.seed])).toEqual([["otr", 2]]);
});

it("measures again what has changed, and nothing else", async () => {
  const config = workspace.config({ learningRates: [1e-3], seeds: [1] });
  await runComparison(config, { start: inThisProcess() });
  workspace.writeTask("same", ["say 1: ", "say 4: "]);
  const orders: RunOrder[] = [];
  await runComparison(workspace.config({ learningRates: [1e-3], seeds: [1] }), {
    start: inThisProcess(orders),
  });
  expect(orders).toHaveLength(3);
  const runs = readdirSync(workspace.path("comparison", "runs"));
  // Other options make another run.
  const changed = workspace.config({
    learningRates: [1e-3],
    seeds: [1],
    objectives: { sft: { loss_type: "nll" }, otr: { loss_type: "otr", otr_num_samples: 16 } },
  });
  orders.length = 0;
  await runComparison(changed, { start: inThisProcess(orders) });
  expect(trained(orders).map(({ training }) => training?.otrNumSamples)).toEqual([16]);
  expect(readdirSync(workspace.path("comparison", "runs"))).toHaveLength(runs.length + 1);
});

it("spends the same tokens, or the steps that take as long", async () => {
  const { maxSteps: _, ...train } = workspace.input().train as Record<string, unknown>;
  const common = { learningRates: [1e-3], seeds: [1], train };
  const byTokens = await runComparison(workspace.config({ ...common, budget: { tokens: 200 } }), {
    start: inThisProcess(),
  });
  const spent = buildReport(byTokens).runs.map(({ cost }) => cost!.tokens);
  expect(new Set(spent).size).toBe(1);
  expect(Math.abs(spent[0]! - 200)).toBeLessThan(40);

  const bySeconds = await runComparison(workspace.config({ ...common, budget: { seconds: 0.05 } }), {
    start: inThisProcess(),
  });
  for (const { cost } of buildReport(bySeconds).runs) expect(cost!.steps).toBeGreaterThan(0);
  expect(existsSync(workspace.path("comparison", "timing"))).toBe(true);
});

it("removes weights that nobody needs, and trains again where a later change needs them", async () => {
  const config = workspace.config({ learningRates: [1e-3], seeds: [1], keepModels: false });
  const { runs } = await runComparison(config, { start: inThisProcess() });
  for (const { folder } of runs) expect(existsSync(join(folder, "model.safetensors"))).toBe(false);
  workspace.writeTask("same", ["say 5: "]);
  const orders: RunOrder[] = [];
  const again = await runComparison(config, { start: inThisProcess(orders) });
  expect(trained(orders)).toHaveLength(2);
  expect(again.runs.every(({ failure }) => failure === null)).toBe(true);
});

it("refuses validation items that judge too, before anything is trained", async () => {
  const tasks = { ...workspace.tasks, validation: [workspace.writeTask("leak", ["say 3: ", "say 30: "])] };
  const orders: RunOrder[] = [];
  const comparing = runComparison(workspace.config({ tasks }), { start: inThisProcess(orders) });
  await expect(comparing).rejects.toThrow(/has 1 item that the validation tasks of rows have too/);
  expect(trained(orders)).toEqual([]);
});
