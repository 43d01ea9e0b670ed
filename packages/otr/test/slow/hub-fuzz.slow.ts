/** @file Answers of a hostile Hub, thousands of them; `test/hub/hostile-answers.test.ts` has the first hundred. */
import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { FakeHub } from "../hub/fake-hub.js";
import { spoiledDownloads } from "../hub/spoiled-downloads.js";

it("end in an error of ours or a sound download, whatever they are", async () => {
  const hub = await FakeHub.start();
  try {
    hub.add("org/name", { "config.json": "{}", "model.safetensors": "weights" });
    const { sound, refused } = await spoiledDownloads(hub, 3000, 2);
    expect(sound + refused).toBe(3000);
    expect(readdirSync(hub.folder)).toEqual(["cache"]);
  } finally {
    await hub.stop();
  }
}, 300_000);
