import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { FakeHub } from "../hub/fake-hub.js";
import { captureOutput, printed } from "./capture-output.js";

let hub: FakeHub;
let folder: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", hub.token);
  folder = join(mkdtempSync(join(tmpdir(), "otr-push-")), "tuned");
  mkdirSync(folder);
  for (const name of ["config.json", "model.safetensors"]) writeFileSync(join(folder, name), "{}");
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(join(folder, ".."), { recursive: true });
  return hub.stop();
});

it("uploads a folder under its own name, and says where it is", async () => {
  expect(await main(["push", folder])).toBe(0);
  expect(printed.stderr).toContain("Uploading me/tuned: 3 files");
  expect(printed.stderr).toMatch(`The model is at ${hub.endpoint}/me/tuned\n`);
  expect(printed.stdout).toBe("");
});

it("prints one JSON line", async () => {
  expect(await main(["push", folder, "--hub_model_id", "me/other", "--hub_private_repo", "--json"])).toBe(0);
  const { commit } = hub.repositories.get("models/me/other")!;
  expect(JSON.parse(printed.stdout)).toEqual({
    repository: "me/other",
    url: `${hub.endpoint}/me/other`,
    commit,
  });
  expect(hub.repositories.get("models/me/other")!.access).toBe("private");
});

it.each([
  [[], /--folder\n.*is missing/],
  [["/none"], /\/none does not exist/],
  [["a", "b"], /b\n.*takes one argument/],
  [["--hub_model_id", "a//b"], /needs an id such as org\/name/],
  [["--hub_modelid", "a"], /Did you mean --hub_model_id\?/],
])("reports the mistake of %j", async (args, message) => {
  expect(await main(["push", ...args])).toBe(2);
  expect(printed.stderr).toMatch(message);
  expect(hub.seen).toEqual([]);
});

it("ends with 2 without a token, and with 1 where the Hub is down", async () => {
  vi.stubEnv("HF_TOKEN", "");
  expect(await main(["push", folder])).toBe(2);
  expect(printed.stderr).toMatch(/without a token\. Make one/);
  vi.stubEnv("HF_TOKEN", hub.token);
  hub.fault = (_, response) => {
    response.setHeader("Retry-After", "900");
    response.writeHead(503).end();
    return true;
  };
  expect(await main(["push", folder])).toBe(1);
});
