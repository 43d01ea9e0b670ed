import { afterAll, beforeAll, expect, it } from "vitest";
import { writeFileSync } from "node:fs";
import { compareOptionSet } from "../../src/config/compare-options.js";
import { resolveCommandLine } from "../../src/config/resolve-command-line.js";
import { ConfigError } from "../../src/errors.js";
import { type ComparisonInput, makeComparisonWorkspace } from "../experiments/comparison-workspace.js";

let workspace: Awaited<ReturnType<typeof makeComparisonWorkspace>>;
beforeAll(async () => {
  workspace = await makeComparisonWorkspace();
});
afterAll(() => workspace.dispose());

it("sorts learning rates, and gives data sets their own tasks where they have some", () => {
  const config = workspace.config({
    learningRates: [1e-2, 1e-4],
    datasets: {
      one: workspace.path("rows.jsonl"),
      two: { dataset: workspace.path("rows.jsonl"), tasks: { in_domain: ["other.yaml"] } },
    },
  });
  expect(config.learningRates).toEqual([1e-4, 1e-2]);
  const [one, two] = [...config.datasets.values()];
  expect(one?.tasks.inDomain).toEqual(workspace.tasks.in_domain);
  expect(two?.tasks.inDomain).toEqual(["other.yaml"]);
  expect(two?.tasks.validation).toEqual(workspace.tasks.validation);
  // The seeds that choose follow those that judge, 1 and 2.
  expect(config.selection).toEqual({ metric: "task", seeds: [3], tolerance: 0 });
  expect(config.objectives.get("otr")).toEqual({ lossType: "otr", otrNumSamples: 8 });
});

it("finds seeds to choose with at the end of the range too", () => {
  const { selection } = workspace.config({ seeds: [4_294_967_294, 0], selection: { seeds: 2 } });
  expect(selection.seeds).toEqual([4_294_967_295, 1]);
});

/** What is said about a comparison. */
function problemsOf(more: ComparisonInput): string {
  try {
    workspace.config(more);
    return "";
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, message }) => `${where}: ${message}`).join("\n");
  }
}

it.each<[ComparisonInput, RegExp]>([
  [
    { objectives: { sft: { loss_type: "nll" } } },
    /objectives: names one objective, so there is nothing to compare/,
  ],
  [{ objectives: {} }, /objectives: is empty/],
  [{ models: {} }, /models: is empty/],
  [{ models: { "../x": "base" } }, /models: .*needs an object of names of up to 40/],
  [{ models: { base: "no/such/folder" } }, /models: base: no\/such\/folder does not exist/],
  [{ datasets: { rows: "none.jsonl" } }, /datasets: rows: none.jsonl does not exist/],
  [{ objectives: { a: { loss_typ: "nll" }, b: {} } }, /objectives: a: loss_typ: .*Did you mean loss_type\?/],
  [
    { objectives: { a: { loss_type: "nul" }, b: {} } },
    /objectives: a: loss_type found "nul".*Did you mean nll\?/,
  ],
  [
    { objectives: { a: { loss_type: "nll", otr_beta: 0 }, b: {} } },
    /objectives: a: otr_beta has no effect with loss_type/,
  ],
  [
    { objectives: { a: { learning_rate: 1 }, b: {} } },
    /a: learning_rate is set by the comparison. Write learning_rates/,
  ],
  [{ train: { output_dir: "x" } }, /train: output_dir is set by the comparison/],
  [{ train: { max_steps: 3 }, budget: { tokens: 10 } }, /train: max_steps follows from the budget/],
  [{ train: { max_length: 1 } }, /train: max_length found 1/],
  [{ budget: { steps: 3 } }, /budget: .*needs \{tokens: COUNT\}, \{seconds: NUMBER\} or null/],
  [{ budget: { tokens: 3, seconds: 3 } }, /budget: /],
  [{ seeds: [1, 1] }, /seeds: holds a value twice/],
  [{ seeds: [] }, /seeds: .*needs a list of whole numbers/],
  [{ learningRates: [1e-3, 1e-3] }, /learningRates: holds a value twice/],
  [{ learningRates: [1e-3], selection: { seeds: 1 } }, /selection: has no effect with one learning rate/],
  [{ limit: 1.5 }, /limit: found 1.5, but needs a whole number, or a share below 1/],
  [
    { objectives: { sft: {}, otr: { adapter_name_or_path: "elsewhere" } } },
    /objectives: otr: adapter_name_or_path would let this objective begin with another model/,
  ],
  [{ selection: { metric: "eval_loss" } }, /selection: metric eval_loss needs evaluation rows/],
  [
    { tasks: {} },
    /tasks: holds no validation for the data set rows[\s\S]*tasks: holds neither in_domain nor out_of_domain/,
  ],
  [{ tasks: { validation: ["a"], in_domain: ["a"] } }, /tasks: names a twice for the data set rows/],
  [{ tasks: { tests: ["a"] } }, /tasks: found the unknown tests/],
])("%j is refused with what to change", (more, message) => {
  expect(problemsOf(more)).toMatch(message);
});

it("reports all mistakes together, with the line of the file", async () => {
  const file = workspace.path("comparison.yaml");
  writeFileSync(file, "models: { base: nowhere }\nseeds: [1, 1]\nlearning_rate: 3\n");
  const error = await resolveCommandLine(compareOptionSet, [file], ["json"]).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const where = (error as ConfigError).problems.map((problem) => problem.where.replace(workspace.folder, ""));
  expect(where).toContain("/comparison.yaml:2 seeds");
  expect(where).toContain("/comparison.yaml:3 learning_rate");
  expect(where).toContain("datasets");
  expect(where).toContain("output_dir");
});
