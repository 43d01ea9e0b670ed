import { expect, it } from "vitest";
import { GradientSpikes } from "../../src/training/gradient-spikes.js";

/** Norms between 0.8 and 1.2, the same each time. */
const usual = (index: number) => 1 + 0.2 * Math.sin(index * 1.7);

it("tells of a norm far above the median of those before, once for several", () => {
  const spikes = new GradientSpikes();
  for (let index = 0; index < 50; index++) expect(spikes.add(usual(index))).toBeNull();
  expect(spikes.add(20)).toBeCloseTo(1, 0);
  expect(spikes.add(30)).toBeNull();
  for (let index = 0; index < 99; index++) expect(spikes.add(usual(index))).toBeNull();
  expect(spikes.add(20)).toBeCloseTo(1, 0);
});

it("says nothing before it knows what is usual", () => {
  const spikes = new GradientSpikes();
  for (let index = 0; index < 19; index++) spikes.add(usual(index));
  expect(spikes.add(1000)).toBeNull();
  expect(spikes.add(1000)).not.toBeNull();
});

it("says nothing of norms that vary much, or fall, or rise slowly", () => {
  const noisy = new GradientSpikes();
  // From 0.1 to 10, all alike often.
  for (let index = 0; index < 1000; index++) expect(noisy.add(10 ** Math.sin(index * 1.7))).toBeNull();
  const falling = new GradientSpikes();
  for (let index = 0; index < 1000; index++) expect(falling.add(100 * 0.99 ** index)).toBeNull();
  const rising = new GradientSpikes();
  for (let index = 0; index < 1000; index++) expect(rising.add(1.01 ** index)).toBeNull();
});

it("goes on from its state as JSON", () => {
  const straight = new GradientSpikes();
  let resumed = new GradientSpikes();
  for (let index = 0; index < 300; index++) {
    const norm = index % 70 === 69 ? 50 : usual(index);
    expect(resumed.add(norm)).toBe(straight.add(norm));
    const { state } = resumed;
    resumed = new GradientSpikes();
    resumed.restore(JSON.parse(JSON.stringify(state)));
  }
  expect(straight.state.norms).toHaveLength(100);
});
