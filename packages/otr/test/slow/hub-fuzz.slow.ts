/** @file Answers of a hostile Hub, thousands of them; `test/hub/hostile-answers.test.ts` has the first hundred. */
import { expect, it } from "vitest";
import { FakeHub } from "../hub/fake-hub.js";
import { spoiledDownloads } from "../hub/spoiled-downloads.js";

it("end in an error of ours or a sound download, whatever they are", async () => {
  const hub = await FakeHub.start();
  try {
    const { sound, refused } = await spoiledDownloads(hub, 3000, 2);
    // Half of the answers are spoiled, and a download needs several.
    expect(sound).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(1000);
  } finally {
    await hub.stop();
  }
}, 300_000);
