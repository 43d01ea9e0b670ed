import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openHubDataset } from "../../src/hub/open-hub-dataset.js";
import { FakeHub } from "./fake-hub.js";

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  return hub.stop();
});

it("lists files, and brings those that are asked for", async () => {
  const { commit } = hub.add(
    "org/rows",
    { "data/train.jsonl": "{}\n", "data/test.jsonl": "[]\n" },
    "dataset",
  );
  const dataset = await openHubDataset("org/rows", "main");
  expect(dataset).toMatchObject({ commit, paths: ["data/train.jsonl", "data/test.jsonl"], notes: [] });
  expect(hub.requests(/resolve/)).toEqual([]);
  let received = 0;
  const counting = await openHubDataset("org/rows", commit, (progress) => {
    received = progress.receivedBytes;
  });
  const [path] = await counting.fetch(["data/train.jsonl"]);
  expect(readFileSync(path!, "utf8")).toBe("{}\n");
  expect(received).toBe(3);
  expect(hub.requests(/resolve/)).toEqual([`GET /datasets/org/rows/resolve/${commit}/data/train.jsonl`]);
});

it("refuses what is no id, and says what a data set that is not there is", async () => {
  await expect(openHubDataset("../rows", "main")).rejects.toMatchObject({ code: "HUB_ID_INVALID" });
  await expect(openHubDataset("org/none", "main")).rejects.toThrow(
    /datasets\/org\/none for the data set org\/none/,
  );
});
