import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ComparisonEvent, runComparison } from "../../src/experiments/run-comparison.js";
import type { RunOrder } from "../../src/experiments/run-order.js";
import { buildReport } from "../../src/experiments/build-report.js";
import { cellsOf, prepareObjective } from "../../src/experiments/comparison-cell.js";
import { readMeasurement } from "../../src/experiments/measurement.js";
import { readTaskSamples } from "../../src/experiments/task-samples.js";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { train } from "../../src/training/train.js";
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
  expect(new Set(trained(orders).map(({ folder }) => folder)).size).toBe(4 + 4);
  const tried = trained(orders).slice(0, 4);
  expect(tried.map(({ training }) => [training?.lossType, training?.learningRate, training?.seed])).toEqual([
    // What chooses a learning rate is a seed that judges nothing.
    ["nll", 1e-3, 3],
    ["nll", 1e-2, 3],
    ["otr", 1e-3, 3],
    ["otr", 1e-2, 3],
  ]);
  expect(
    trained(orders)
      .slice(4)
      .map(({ training }) => training?.seed),
  ).toEqual([1, 2, 1, 2]);
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
  expect(
    report.cells[0]?.tasks[1]?.changes.map(({ first, second, seeds }) => [first, second, seeds]),
  ).toEqual([
    ["base model", "sft", 2],
    ["base model", "otr", 2],
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
  // In turns; as many times more steps as are made with the same answers.
  const turn = [
    ["nll", 12],
    ["grpo", 24],
  ];
  expect(timed.map(({ training }) => [training?.lossType, training?.maxSteps])).toEqual(
    [turn, turn, turn].flat(),
  );
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
  expect(report.cells[0]?.tasks[0]?.differences[0]).toMatchObject({
    seeds: 1,
    seed_interval: null,
    shown: false,
  });

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
  // Each objective is timed three times, and what was trained for that is not kept.
  const timings = readdirSync(workspace.path("comparison", "timing"));
  expect(timings).toHaveLength(2 * 3);
  for (const name of timings)
    expect(existsSync(workspace.path("comparison", "timing", name, "model.safetensors"))).toBe(false);
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

it("removes weights as soon as a run is measured", async () => {
  const folders: string[] = [];
  const start = inThisProcess();
  await runComparison(workspace.config({ keepModels: false, seeds: [1] }), {
    start: (order, onProgress) => {
      const kept = folders.filter((folder) => existsSync(join(folder, "model.safetensors")));
      expect(kept).toEqual([]);
      if (order.training !== null) folders.push(order.folder);
      return start(order, onProgress);
    },
  });
  expect(folders).toHaveLength(4 + 2);
});

it.each([
  ["save_dtype", { save_dtype: "bfloat16" }],
  ["checkpoints", { save_strategy: "steps", save_steps: 1, save_total_limit: 1 }],
])("makes other runs for other options: %s", async (_, more) => {
  const nameOf = async (train: object) => {
    const given = workspace.input().train as object;
    const config = workspace.config({ train: { ...given, ...train } });
    const each = await prepareObjective(
      config,
      cellsOf(config)[0]!,
      "sft",
      workspace.path("comparison", "runs", "run"),
    );
    return each.configure(1e-3, 1, null).name;
  };
  const before = await nameOf({});
  expect(await nameOf(more)).not.toBe(before);
  // What only tells of a run, or follows from the machine, makes no other one.
  expect(await nameOf({ logging_steps: 2, report_to: ["tensorboard"] })).toBe(before);
});

it("goes on with the other models where a base model fails, and says which", async () => {
  const models = {
    base: (workspace.input().models as Record<string, string>).base,
    broken: workspace.path("broken"),
  };
  cpSync(models.base!, models.broken, { recursive: true });
  const start = inThisProcess();
  const finished = await runComparison(workspace.config({ models, learningRates: [1e-3], seeds: [1] }), {
    start: (order, onProgress) =>
      order.source.path === models.broken
        ? { result: Promise.reject(new Error("no memory")), kill: async () => {} }
        : start(order, onProgress),
  });
  const report = buildReport(finished);
  expect(report.failures).toEqual([{ name: "base broken", reason: "no memory" }]);
  expect(report.warnings.join("\n")).toContain("base broken failed and is not counted: no memory");
  expect(report.cells.map(({ model }) => model)).toEqual(["base"]);
  expect(report.runs).toHaveLength(2);
});

it("judges a group of tasks as one, and compares what models choose", async () => {
  const parts = ["a", "b"].map((part) => workspace.writeTask(`part ${part}`, [`${part} 1: `, `${part} 2: `]));
  writeFileSync(
    workspace.path("tasks", "both.yaml"),
    "group: both\ntask: [part a, part b]\naggregate_metric_list: [{ metric: exact_match }]\n",
  );
  expect(parts).toHaveLength(2);
  const tasks = {
    in_domain: ["both"],
    forgetting: [workspace.writeTask("choice", ["is it? ", "was it? "], { choices: true })],
  };
  const config = workspace.config({
    tasks,
    includePath: workspace.path("tasks"),
    learningRates: [1e-2],
    seeds: [1],
  });
  const report = buildReport(await runComparison(config, { start: inThisProcess() }));
  const [judged, choice] = report.cells[0]!.tasks;
  expect(judged).toMatchObject({ task: "both", tasks: ["part a", "part b"], items: 4 });
  expect(judged!.differences).toHaveLength(1);
  expect(choice).toMatchObject({ task: "choice", items: 2 });
  // KL is taken over the choice that the base model makes, whose text it is: one token a letter here, not a likelihood's digits.
  const { tokens } = readMeasurement(finishedFolder(report));
  expect(tokens!.kl_from_base).toBeGreaterThan(0);
  const answers = readTaskSamples(workspace.path("comparison", "base", baseFolder()), "choice");
  expect(answers.map(({ response }) => ["yes", "not at all"].includes(response))).toEqual([true, true]);
});

const finishedFolder = (report: ReturnType<typeof buildReport>) =>
  workspace.path("comparison", report.runs[0]!.folder);
const baseFolder = () => readdirSync(workspace.path("comparison", "base"))[0]!;

it("measures as the options of evaluations say", async () => {
  const config = workspace.config({
    ...{ learningRates: [1e-3], seeds: [1], limit: 1, numFewshot: 1, genKwargs: { maxGenToks: 2 } },
  });
  await runComparison(config, { start: inThisProcess() });
  const folder = workspace.path("comparison", "base", baseFolder());
  const answers = readTaskSamples(folder, "same");
  expect(answers).toHaveLength(1);
  expect(answers[0]!.prompt.split("say")).toHaveLength(3);
  const results = readdirSync(join(folder, "eval")).find((name) => name.startsWith("results_"))!;
  expect(readFileSync(join(folder, "eval", results), "utf8")).toContain('"max_gen_toks": 2');
});

it("measures the base model with the adapter that runs go on from", async () => {
  const adapter = workspace.path("adapter");
  await train(
    resolveTrainConfig(
      workspace.trainInput({ usePeft: true, maxSteps: 3, learningRate: 0.1, outputDir: adapter }),
    ),
  );
  const own = workspace.input().train as object;
  const config = workspace.config({
    ...{ learningRates: [1e-9], seeds: [1], train: { ...own, adapterNameOrPath: adapter } },
  });
  const report = buildReport(await runComparison(config, { start: inThisProcess() }));
  // Runs that learn nothing are their base, and that is not the model without the adapter.
  expect(report.runs.map(({ failure }) => failure)).toEqual([null, null]);
  for (const { kl_from_base: divergence } of report.runs) expect(divergence).toBeLessThan(1e-6);
});

it.each([
  ["the same prompt", "say 3: ", ""],
  ["the same row behind another template", "say 3: ", "Q: "],
])(
  "refuses validation items that judge too, before anything is trained: %s",
  async (_, question, template) => {
    const validation = [workspace.writeTask("leak", [question, "say 30: "], { template })];
    const orders: RunOrder[] = [];
    const tasks = { ...workspace.tasks, validation };
    const comparing = runComparison(workspace.config({ tasks }), { start: inThisProcess(orders) });
    await expect(comparing).rejects.toThrow(/has 1 item that the validation tasks of rows have too/);
    expect(trained(orders)).toEqual([]);
  },
);
