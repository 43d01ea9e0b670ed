/** @file Which checkpoint a run goes on from, and what is refused. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TrainInput } from "../../../src/config/train-options.js";
import { createObjective } from "../../../src/objectives/registry.js";
import { listCheckpoints } from "../../../src/training/checkpoints/find-checkpoints.js";
import { compareSettings } from "../../../src/training/checkpoints/run-settings.js";
import { readTrainerState } from "../../../src/training/checkpoints/trainer-state.js";
import type { TrainEvent } from "../../../src/training/events.js";
import { readRunRecord } from "../../../src/training/run-record.js";
import { train } from "../../../src/training/train.js";
import { FakeHub } from "../../hub/fake-hub.js";
import { makeRunWorkspace, type RunWorkspace } from "../run-workspace.js";

let work: RunWorkspace;
/** A run of 6 steps that was stopped after the fifth, with checkpoints after 2, 4 and 5. */
beforeAll(async () => {
  work = await makeRunWorkspace();
  let steps = 0;
  const onEvent = (event: TrainEvent) => {
    if (event.type === "step") steps = event.step;
  };
  await train(input({ outputDir: work.path("stopped") }), { onEvent, shouldStop: () => steps === 5 });
  await train(input({ outputDir: work.path("straight") }));
});
afterAll(() => work.dispose());
beforeEach(() => cpSync(work.path("stopped"), work.path("out"), { recursive: true }));
afterEach(() => {
  for (const name of ["out", "other"]) rmSync(work.path(name), { recursive: true, force: true });
});

const input = (changes: Partial<TrainInput> = {}) =>
  work.input({ maxSteps: 6, saveStrategy: "steps", saveSteps: 2, ...changes });

/** Runs, and returns the notes at its start. */
async function run(changes: Partial<TrainInput>) {
  const notes: string[] = [];
  const onEvent = (event: TrainEvent) => {
    if (event.type === "start") notes.push(...event.notes, ...event.warnings);
    if (event.type === "end") notes.push(...event.summary);
  };
  const result = await train(input(changes), { onEvent });
  return { ...result, notes: notes.join("\n") };
}

const flip = (name: string) => {
  const path = work.path(name);
  const content = readFileSync(path);
  content[content.length >> 1]! ^= 4;
  writeFileSync(path, content);
};
const spoilAll = () => {
  for (const step of [2, 4, 5]) rmSync(work.path(`out/checkpoint-${step}/manifest.json`));
};
const expectStraight = (name = "out") => expect(work.numbersOf(name)).toEqual(work.numbersOf("straight"));

describe("resume_from_checkpoint true", () => {
  it("takes the newest", async () => {
    const { notes } = await run({ resumeFromCheckpoint: true });
    expect(notes).toContain(`Going on after step 5 of 6, from ${work.path("out/checkpoint-5")}.`);
    expectStraight();
    expect(work.readJson("out/run.json")).toMatchObject({ status: "completed", resumed: { step: 5 } });
  });

  it.each([
    "model.safetensors",
    "optimizer.safetensors",
    "trainer_state.json",
    "manifest.json",
    "tokenizer.json",
  ])("passes over one with a flipped bit in %s, and says so", async (name) => {
    flip(`out/checkpoint-5/${name}`);
    const { notes } = await run({ resumeFromCheckpoint: true });
    expect(notes).toMatch(new RegExp(`checkpoint-5 is passed over: .*${name}`));
    expect(notes).toContain("Going on after step 4 of 6");
    expectStraight();
  });

  it("reads a measured number that was none, as JSON keeps it", async () => {
    const path = work.path("stopped/checkpoint-5/trainer_state.json");
    const state = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(
      work.path("out/checkpoint-5/trainer_state.json"),
      JSON.stringify({ ...state, metrics: { ...state.metrics, last: { eval_loss: null, loss: 1 } } }),
    );
    expect(readTrainerState(work.path("out/checkpoint-5")).metrics.last).toEqual({ loss: 1 });
  });

  it("fails where there is none, and leaves nothing", async () => {
    const none = run({ resumeFromCheckpoint: true, outputDir: work.path("other") });
    await expect(none).rejects.toMatchObject({ code: "CHECKPOINT_NOT_FOUND" });
    expect(existsSync(work.path("other"))).toBe(false);
  });

  it("fails where all are damaged, says how, and what works", async () => {
    spoilAll();
    await expect(run({ resumeFromCheckpoint: true })).rejects.toThrow(
      /no checkpoint .*\n {2}.*checkpoint-5: it has no manifest\.json\n(.*\n)+Give .* or begin anew with resume_from_checkpoint auto/,
    );
    const without = run({});
    await expect(without).rejects.toMatchObject({ code: "CHECKPOINTS_IN_THE_WAY" });
    await expect(without).rejects.toThrow(
      /cannot go on from:\n {2}.*checkpoint-5: it has no manifest\.json\n(.*\n)+Begin anew with resume_from_checkpoint auto/,
    );
    expect(listCheckpoints(work.path("out"))).toHaveLength(3);
  });

  it("has nothing to do where the run is complete, unless it is allowed to differ", async () => {
    await run({ resumeFromCheckpoint: true });
    const again = await run({ resumeFromCheckpoint: true });
    expect(again).toMatchObject({ status: "completed", steps: 0 });
    expect(again.notes).toMatch(/is complete/);
    const longer = await run({ resumeFromCheckpoint: true, maxSteps: 8, resumeAllowChanges: ["max_steps"] });
    expect(longer).toMatchObject({ status: "completed", steps: 8 });
    expect(longer.notes).toContain("Changed since the checkpoint, as allowed: max_steps: 6 then, 8 now.");
  });
});

describe("a run that is complete", () => {
  beforeEach(() => run({ resumeFromCheckpoint: true }));

  it("is refused where it is asked for with other settings or data", async () => {
    writeFileSync(work.path("others.jsonl"), '{"prompt": "a", "completion": "b"}\n');
    const changes = { learningRate: 2e-3, dataset: work.path("others.jsonl"), lossType: "nll" } as const;
    const refused = run({ resumeFromCheckpoint: true, ...changes });
    await expect(refused).rejects.toMatchObject({ code: "RESUME_CHANGED" });
    await expect(refused).rejects.toThrow(
      /\n {2}dataset: its content is another\n {2}learning_rate: 0.001 then, 0.002 now\n {2}loss_type: "otr" then, "nll" now\n/,
    );
    expect(await run({ resumeFromCheckpoint: "auto" })).toMatchObject({ status: "completed", steps: 0 });
  });

  it.each<[string, () => void, RegExp]>([
    ["missing", () => rmSync(work.path("out/model.safetensors")), /model\.safetensors is missing\./],
    ["changed", () => flip("out/model.safetensors"), /model\.safetensors has changed since it was written\./],
  ])("is told of where its model is %s, with what makes it again", async (_, spoil, message) => {
    spoil();
    const complete = run({ resumeFromCheckpoint: true });
    await expect(complete).rejects.toMatchObject({ code: "MODEL_DAMAGED" });
    await expect(complete).rejects.toThrow(message);
    const newest = work.path("out/checkpoint-6");
    await expect(complete).rejects.toThrow(
      `The same command with --resume_from_checkpoint ${newest} makes it`,
    );
    await run({ resumeFromCheckpoint: newest });
    expectStraight();
    expect(await run({ resumeFromCheckpoint: true })).toMatchObject({ steps: 0 });
  });

  it("is told of where its model is missing, also if an earlier version has kept nothing of it", async () => {
    const { model: _, ...record } = work.readJson("out/run.json");
    writeFileSync(work.path("out/run.json"), JSON.stringify(record));
    expect(await run({ resumeFromCheckpoint: true })).toMatchObject({ steps: 0 });
    writeFileSync(work.path("out/model.safetensors"), "torn");
    await expect(run({ resumeFromCheckpoint: true })).rejects.toThrow(/model\.safetensors cannot be read \(/);
    for (const { folder } of listCheckpoints(work.path("out"))) rmSync(folder, { recursive: true });
    await expect(run({ resumeFromCheckpoint: true })).rejects.toThrow(
      /No checkpoint is left to make it from/,
    );
  });

  it("tells of its own model where it was killed before it forgot the run before, and forgets that then", async () => {
    const previous = work.path("out/run.previous.json");
    writeFileSync(previous, JSON.stringify({ run_id: "earlier", status: "completed" }));
    expect(readRunRecord(work.path("out"))?.run_id).toBe(work.readJson("out/run.json").run_id);
    await run({ resumeFromCheckpoint: true });
    expect(existsSync(previous)).toBe(false);
  });

  it("may log and save otherwise", async () => {
    const changes = { loggingSteps: 1, saveSteps: 3, headChunkBytes: 4096 };
    expect(await run({ resumeFromCheckpoint: true, ...changes })).toMatchObject({ steps: 0 });
  });

  it("is uploaded where that is asked for and was not done", async () => {
    const hub = await FakeHub.start();
    for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
    vi.stubEnv("HF_TOKEN", hub.token);
    try {
      const push = { resumeFromCheckpoint: true, pushToHub: true, hubModelId: "tuned" };
      const { pushed } = await run(push);
      expect(pushed).toMatchObject({ repository: "me/tuned", url: `${hub.endpoint}/me/tuned` });
      expect(hub.repositories.get("models/me/tuned")!.files.has("model.safetensors")).toBe(true);
      expect(work.readJson("out/run.json").pushed).toEqual(pushed);
      const uploads = () => hub.requests(/\/commit\//).length;
      const before = uploads();
      expect((await run(push)).pushed).toEqual(pushed);
      expect(uploads()).toBe(before);
      await run({ ...push, hubModelId: "another" });
      expect(uploads()).toBe(before + 1);
    } finally {
      vi.unstubAllEnvs();
      await hub.stop();
    }
  });
});

describe("resume_from_checkpoint auto", () => {
  it("begins anew where there is none, and goes on where there is one", async () => {
    expect((await run({ resumeFromCheckpoint: "auto" })).notes).toContain("Going on after step 5");
    rmSync(work.path("out"), { recursive: true });
    expect((await run({ resumeFromCheckpoint: "auto" })).notes).not.toContain("Going on");
    expectStraight();
  });

  it("begins anew where all are damaged or hold the model alone, says so, and keeps them", async () => {
    spoilAll();
    const before = readFileSync(work.path("out/checkpoint-4/optimizer.safetensors"));
    const { notes } = await run({ resumeFromCheckpoint: "auto", saveTotalLimit: 1 });
    expect(notes).toMatch(
      /Training begins anew, .* kept, as they were: .*checkpoint-5\.set-aside \(it has no manifest\.json\), .*checkpoint-4\.set-aside/,
    );
    expectStraight();
    expect(listCheckpoints(work.path("out")).map(({ step }) => step)).toEqual([6]);
    expect(readFileSync(work.path("out/checkpoint-4.set-aside/optimizer.safetensors"))).toEqual(before);

    let steps = 0;
    const changes = { seed: 3, saveOnlyModel: true, saveSteps: 1 } as const;
    rmSync(work.path("out/checkpoint-6"), { recursive: true });
    await train(input(changes), { shouldStop: () => ++steps === 4 });
    rmSync(work.path("out/checkpoint-4"), { recursive: true });
    const again = await run({ ...changes, resumeFromCheckpoint: "auto" });
    expect(again.notes).toMatch(/checkpoint-2\.set-aside-2 \(it holds the model alone \(save_only_model\)\)/);
    expect(existsSync(work.path("out/checkpoint-3.set-aside/model.safetensors"))).toBe(true);
  });
});

describe("a folder that is named", () => {
  it("is gone on from, in another folder", async () => {
    await run({ resumeFromCheckpoint: work.path("out/checkpoint-2"), outputDir: work.path("other") });
    expectStraight("other");
    expect(listCheckpoints(work.path("out"))).toHaveLength(3);
  });

  it("is gone on from in its own, where newer ones may be lost", async () => {
    const options = { resumeFromCheckpoint: work.path("out/checkpoint-2") };
    await expect(run(options)).rejects.toMatchObject({ code: "CHECKPOINTS_IN_THE_WAY" });
    const { notes } = await run({ ...options, overwriteOutputDir: true });
    expect(notes).toMatch(/Removed .*checkpoint-4, .*checkpoint-5/);
    expectStraight();
  });

  it("has nothing to train where more steps are done than are asked for, and that is said", async () => {
    const changes = { maxSteps: 2, resumeAllowChanges: ["max_steps"], outputDir: work.path("other") };
    const { notes } = await run({ ...changes, resumeFromCheckpoint: work.path("out/checkpoint-4") });
    expect(notes).toContain(
      "checkpoint-4 is that of step 4, and 2 steps in all are asked for: nothing is trained",
    );
    expect(work.numbersOf("other")).toEqual(work.numbersOf("out/checkpoint-4"));
  });

  it("is not gone on from where that would cost what the run has saved elsewhere, or another run", async () => {
    const options = { resumeFromCheckpoint: work.path("stopped/checkpoint-2"), outputDir: work.path("out") };
    await expect(run(options)).rejects.toThrow(/checkpoint-4, .*checkpoint-5 of the same run would be lost/);
    rmSync(work.path("out"), { recursive: true });
    let steps = 0;
    const onEvent = (event: TrainEvent) => {
      if (event.type === "step") steps = event.step;
    };
    await train(input({ seed: 7 }), { onEvent, shouldStop: () => steps === 3 });
    await expect(run(options)).rejects.toThrow(
      /holds a run that has not ended, with a checkpoint after step 3/,
    );
    expect(listCheckpoints(work.path("out")).map(({ step }) => step)).toEqual([2, 3]);
  });

  it("leaves the model of another complete run until its own is there", async () => {
    await train(input({ seed: 7, outputDir: work.path("other"), saveStrategy: "no", saveSteps: undefined }));
    const others = work.numbersOf("other");
    const { run_id: runId } = work.readJson("other/run.json");
    const goOn = { resumeFromCheckpoint: work.path("out/checkpoint-2"), outputDir: work.path("other") };
    let steps = 0;
    await train(input(goOn), { shouldStop: () => ++steps === 1 });
    expect(work.numbersOf("other")).toEqual(others);
    expect(readRunRecord(work.path("other"))?.run_id).toBe(runId);
    expect(work.readJson("other/run.json").run_id).toBe(work.readJson("out/run.json").run_id);
    await run({ resumeFromCheckpoint: true, outputDir: work.path("other") });
    expectStraight("other");
    expect(existsSync(work.path("other/run.previous.json"))).toBe(false);
  });

  it("is refused where it is damaged or missing", async () => {
    flip("out/checkpoint-4/model.safetensors");
    await expect(run({ resumeFromCheckpoint: work.path("out/checkpoint-4") })).rejects.toThrow(
      /model.safetensors has changed since it was written/,
    );
    await expect(run({ resumeFromCheckpoint: work.path("out/checkpoint-3") })).rejects.toMatchObject({
      code: "CHECKPOINT_NOT_FOUND",
    });
    await expect(run({ resumeFromCheckpoint: work.path("base") })).rejects.toThrow(/it has no manifest.json/);
  });
});

describe("a run that begins anew", () => {
  it("is refused where an unfinished one has checkpoints, until it may overwrite them", async () => {
    await expect(run({})).rejects.toMatchObject({ code: "CHECKPOINTS_IN_THE_WAY" });
    expect(listCheckpoints(work.path("out"))).toHaveLength(3);
    await run({ overwriteOutputDir: true, saveSteps: 3 });
    expect(listCheckpoints(work.path("out")).map(({ step }) => step)).toEqual([3, 6]);
  });

  it("replaces the checkpoints of a finished one when it is done", async () => {
    await run({ resumeFromCheckpoint: true });
    await run({ saveSteps: 3, seed: 1 });
    expect(listCheckpoints(work.path("out")).map(({ step }) => step)).toEqual([3, 6]);
  });
});

describe("a changed run", () => {
  it("is refused field by field", async () => {
    writeFileSync(work.path("others.jsonl"), '{"prompt": "a", "completion": "b"}\n');
    const changes = {
      resumeFromCheckpoint: true,
      learningRate: 2e-3,
      otrBeta: -0.2,
      dataset: work.path("others.jsonl"),
    };
    const refused = run(changes);
    await expect(refused).rejects.toMatchObject({ code: "RESUME_CHANGED" });
    await expect(refused).rejects.toThrow(
      /\n {2}dataset: its content is another\n {2}learning_rate: 0.001 then, 0.002 now\n {2}otr_beta: -0.1 then, -0.2 now\n.*--resume_allow_changes dataset,learning_rate,otr_beta$/,
    );
    await expect(run({ ...changes, resumeAllowChanges: ["dataset", "learning_rate"] })).rejects.toThrow(
      /changed since:\n {2}otr_beta: -0.1 then, -0.2 now\n/,
    );
    const allowed = await run({ ...changes, resumeAllowChanges: ["dataset", "learning_rate", "otr_beta"] });
    expect(allowed).toMatchObject({ status: "completed", steps: 6 });
  });

  it("is refused for another tokenizer, template or base model", async () => {
    cpSync(work.path("base"), work.path("other"), { recursive: true });
    writeFileSync(work.path("other/tokenizer_config.json"), '{"eos_token": "<|endoftext|>"}');
    writeFileSync(
      work.path("other/config.json"),
      readFileSync(work.path("other/config.json"), "utf8").replace("{", "{ "),
    );
    const refused = run({ resumeFromCheckpoint: true, modelNameOrPath: work.path("other") });
    await expect(refused).rejects.toThrow(
      /base_model: its content is another\n {2}tokenizer: its content is another/,
    );
  });

  it("may compute, log and save otherwise; what moves the last digits is said", async () => {
    const { notes } = await run({
      resumeFromCheckpoint: true,
      headChunkBytes: 4096,
      loggingSteps: 1,
      saveSteps: 1,
      datasetNumProc: 1,
    });
    expect(notes).toMatch(/The last digits may differ .*head_chunk_bytes: 67108864 then, 4096 now/);
  });

  it("takes a setting that an older version did not have for its default", () => {
    const now = { settings: { otr_beta: -0.1, learning_rate: 1, max_length: 7 }, machine: {} };
    const then = { settings: { learning_rate: 1 }, machine: {} };
    expect(() => compareSettings("c", then, now, [])).toThrow(
      /since:\n {2}max_length: 1024 then, 7 now\nChange/,
    );
    expect(compareSettings("c", then, { ...now, settings: { learning_rate: 1 } }, [])).toEqual({
      changed: [],
      notes: [],
    });
  });

  it("of another length is told how it is trained longer", () => {
    const then = { settings: { max_steps: -1, num_train_epochs: 3 }, machine: {} };
    const longer = { settings: { max_steps: 10, num_train_epochs: 3 }, machine: {} };
    expect(() => compareSettings("c", then, longer, [])).toThrow(
      /since:\n {2}max_steps: as num_train_epochs says then, 10 now\nChange it back; or, to train longer or shorter than was planned, allow it\. .*: --resume_allow_changes max_steps$/,
    );
    const both = { settings: { max_steps: -1, num_train_epochs: 5, seed: 1 }, machine: {} };
    expect(() => compareSettings("c", then, both, ["seed"])).toThrow(
      /--resume_allow_changes num_train_epochs$/,
    );
    expect(() => compareSettings("c", then, both, [])).toThrow(/will be that of neither run: /);
  });

  it("does not compare what an older version did not keep", () => {
    const then = { settings: { learning_rate: 1 }, machine: {} };
    const now = { settings: { learning_rate: 1, adapter_config: "hash" }, machine: {} };
    expect(compareSettings("c", then, now, []).changed).toEqual([]);
    const kept = { settings: { ...then.settings, adapter_config: null }, machine: {} };
    expect(() => compareSettings("c", kept, now, [])).toThrow(/adapter_config: none then/);
  });

  it("is one of another version too, which may change the last digits", async () => {
    const path = work.path("stopped/checkpoint-5/trainer_state.json");
    const { machine } = JSON.parse(readFileSync(path, "utf8"));
    const older = { settings: {}, machine: { ...machine, one_token_rollout: "0.0.1" } };
    expect(compareSettings("c", older, { settings: {}, machine }, []).notes).toEqual([
      expect.stringMatching(/last digits may differ .*one_token_rollout: "0\.0\.1" then, "[\d.]+.*" now/),
    ]);
  });

  it("is refused where the adapter that it began from is configured otherwise", async () => {
    const adapter = (changes: Partial<TrainInput>) => ({
      usePeft: true,
      maxSteps: 2,
      saveSteps: 1,
      ...changes,
    });
    await train(input(adapter({ outputDir: work.path("adapter"), loraTargetModules: ["q_proj"] })));
    const from = adapter({ outputDir: work.path("other"), adapterNameOrPath: work.path("adapter") });
    await train(input(from), { shouldStop: () => true });
    const path = work.path("adapter/adapter_config.json");
    const config = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...config, lora_alpha: 5 }));
    const refused = run({ ...from, resumeFromCheckpoint: true });
    await expect(refused).rejects.toThrow(/changed since:\n {2}adapter_config: its content is another\n/);
  });

  it("is refused where a program's objective says other terms of itself", async () => {
    const objective = (labelSmoothingFactor: number) => ({
      ...createObjective({ lossType: "nll", labelSmoothingFactor }),
      lossType: "mine",
    });
    const changes = { outputDir: work.path("other"), maxSteps: 3 };
    await train(input(changes), { objective: objective(0), shouldStop: () => true });
    const again = (factor: number) =>
      train(input({ ...changes, resumeFromCheckpoint: true }), { objective: objective(factor) });
    await expect(again(0.1)).rejects.toThrow(
      /changed since:\n {2}objective_terms: \{"target":1,.* then, \{"target":0\.9.* now\n/,
    );
    expect(await again(0)).toMatchObject({ status: "completed" });
  });

  it("is told of by every later checkpoint and run.json", async () => {
    const first = { learningRate: 2e-3, resumeFromCheckpoint: true } as const;
    await train(input({ ...first, maxSteps: 8, resumeAllowChanges: ["learning_rate", "max_steps"] }), {
      shouldStop: () => true,
    });
    const second = { ...first, maxSteps: 8, otrBeta: -0.2 };
    await run({ ...second, resumeAllowChanges: ["otr_beta", "learning_rate"] });
    const changed = ["learning_rate", "max_steps", "otr_beta"];
    expect(work.readJson("out/run.json").changed.sort()).toEqual(changed);
    expect(readTrainerState(work.path("out/checkpoint-8")).changed.sort()).toEqual(changed);
  });

  it("says which name is allowed that nothing has", async () => {
    const wrong = run({ resumeFromCheckpoint: true, resumeAllowChanges: ["learning_rat"] });
    await expect(wrong).rejects.toThrow(
      /learning_rat is nothing that could be changed. Did you mean learning_rate\?/,
    );
  });
});
