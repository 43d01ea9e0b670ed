import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { locateBaseModel, otherBaseNotes } from "../../src/models/adapter-base.js";
import { findModel } from "../../src/models/find-model.js";
import { modelFingerprint } from "../../src/models/model-fingerprint.js";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "otr-base-")));
  mkdirSync(path("base"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors"]) {
    writeFileSync(path("base", name), "{}");
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (...names: string[]) => join(folder, ...names);

/** The folder of an adapter that names a base model. */
function adapterOf(base: string | null, revision: string | null = null): string {
  mkdirSync(path("lora"), { recursive: true });
  const config = { peft_type: "LORA", r: 2, lora_alpha: 4, base_model_name_or_path: base, revision };
  writeFileSync(path("lora", "adapter_config.json"), JSON.stringify(config));
  return path("lora");
}

describe("locateBaseModel", () => {
  it("finds the model that the adapter names, and says which it is", async () => {
    const located = await locateBaseModel(adapterOf(path("base")));
    expect(located).toMatchObject({ path: path("base"), origin: null });
    expect(located.notes).toEqual([
      `The base model is ${path("base")}, as ${path("lora", "adapter_config.json")} says.`,
    ]);
  });

  it("says what to write where the adapter names none, or one that is not there", async () => {
    await expect(locateBaseModel(adapterOf(null))).rejects.toMatchObject({
      code: "ADAPTER_BASE_UNKNOWN",
      message: expect.stringMatching(/name the base as the model, and this folder as adapter_name_or_path$/),
    });
    await expect(locateBaseModel(adapterOf(path("bass")))).rejects.toMatchObject({
      code: "ADAPTER_BASE_UNUSABLE",
      message: expect.stringMatching(
        /names the base model \S+bass, but .* Did you mean \S+base\? .* as the model/,
      ),
    });
  });
});

describe("otherBaseNotes", () => {
  const COMMIT = "a".repeat(40);
  const local = (name: string) => ({ path: path(name), origin: null });
  const ofHub = (repository: string, revision = "main", commit = COMMIT) => ({
    path: path("snapshot"),
    origin: { repository, revision, commit },
  });

  it("are none for the model that the adapter names, whatever its path is called", async () => {
    symlinkSync(path("base"), path("link"));
    expect(await otherBaseNotes(adapterOf(path("base")), local("link"))).toEqual([]);
    expect(await otherBaseNotes(adapterOf(null), local("base"))).toEqual([]);
    expect(await otherBaseNotes(adapterOf("org/name"), ofHub("org/name"))).toEqual([]);
    expect(await otherBaseNotes(adapterOf("org/name", COMMIT), ofHub("org/name"))).toEqual([]);
    expect(await otherBaseNotes(adapterOf("org/name", "v2"), ofHub("org/name"))).toEqual([]);
  });

  it("name both models where they are others, or cannot be compared", async () => {
    cpSync(path("base"), path("other"), { recursive: true });
    expect(await otherBaseNotes(adapterOf(path("base")), local("other"))).toEqual([
      `The adapter ${path("lora")} was made for ${path("base")}, and is used with ${path("other")}: it computes what it ` +
        "learned only where the two have the same weights.",
    ]);
    const notes = [
      await otherBaseNotes(adapterOf("org/name"), local("base")),
      await otherBaseNotes(adapterOf("/gone/base"), local("base")),
      await otherBaseNotes(adapterOf(path("base")), ofHub("org/name")),
      await otherBaseNotes(adapterOf("org/name"), ofHub("org/other")),
      await otherBaseNotes(adapterOf("org/name", "b".repeat(40)), ofHub("org/name")),
    ];
    expect(notes.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
    expect(notes[4]![0]).toContain(`org/name at ${"b".repeat(40)}, and is used with org/name at ${COMMIT}`);
  });

  it("tell of a model whose weights were replaced since, and spare those of one that was moved", async () => {
    const adapter = adapterOf(path("base"));
    const record = { fingerprints: { base_model: modelFingerprint(path("base")) } };
    writeFileSync(join(adapter, "run.json"), JSON.stringify(record));
    cpSync(path("base"), path("moved"), { recursive: true });
    expect(await otherBaseNotes(adapter, local("base"))).toEqual([]);
    expect(await otherBaseNotes(adapter, local("moved"))).toEqual([]);
    writeFileSync(path("base", "model.safetensors"), "[]");
    const changed = expect.stringMatching(
      /^The weights of \S+base are not those that the adapter \S+lora was trained with/,
    );
    expect(await otherBaseNotes(adapter, local("base"))).toEqual([changed]);
    expect((await findModel(adapter)).notes).toContainEqual(changed);
    writeFileSync(join(adapter, "run.json"), "{");
    expect(await otherBaseNotes(adapter, local("base"))).toEqual([]);
  });
});
