import { afterEach, beforeEach, expect, it } from "vitest";
import { countFaults } from "../faults/count-faults.js";
import { FakeHub } from "./fake-hub.js";
import { spoiledDownloads } from "./spoiled-downloads.js";

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
});
afterEach(() => hub.stop());

it("end in an error of ours or a sound download, and write nothing where it does not belong", async ({
  task,
}) => {
  const { sound, refused } = await spoiledDownloads(hub, 100, 1);
  expect(sound).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(10);
  countFaults(task, sound + refused);
});
