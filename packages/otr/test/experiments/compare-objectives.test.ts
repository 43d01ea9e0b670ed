import { describe, expect, it } from "vitest";
import { compareObjectives, type NamedSamples } from "../../src/experiments/compare-objectives.js";
import { judgeDifferences } from "../../src/experiments/judge-differences.js";
import { named, ofLength, sample, samples } from "./sample-answers.js";

const compare = (first: NamedSamples, second: NamedSamples) => compareObjectives([{ first, second }])[0]!;

describe("compareObjectives", () => {
  it("tests one seed of right and wrong answers by McNemar", () => {
    // 8 flips one way and 1 the other: 2 * (1 + 9) / 2^9.
    const first = ofLength(40, (at) => Number(at === 0 || at > 8));
    const second = ofLength(40, (at) => Number(at !== 0));
    const found = compare(named("a", first), named("b", second));
    expect(found).toMatchObject({
      difference: 7 / 40,
      seeds: 1,
      seed_interval: null,
      mcnemar: { onlyFirst: 1, onlySecond: 8 },
    });
    expect(found.p_value).toBeCloseTo(20 / 512, 10);
    expect(found.interval).toEqual(found.item_interval);
  });

  it("counts items and seeds in one interval, which is the hypotenuse of both", () => {
    const first = [ofLength(50, (at) => at % 2), ofLength(50, (at) => at % 2)];
    const second = [ofLength(50, (at) => Number(at % 5 > 0)), ofLength(50, (at) => Number(at % 4 > 0))];
    const found = compare(named("a", ...first), named("b", ...second));
    expect(found.mcnemar).toBeNull();
    expect(found.difference).toBeCloseTo((0.3 + 0.24) / 2, 10);
    // Two seeds: 12.706 standard errors of 0.3 and 0.24.
    expect(found.seed_interval?.low).toBeCloseTo(0.27 - 12.7062 * 0.03, 3);
    const half = ({ low, high }: { low: number; high: number }) => (high - low) / 2;
    expect(half(found.interval!)).toBeCloseTo(
      Math.hypot(half(found.item_interval!), half(found.seed_interval!)),
      10,
    );
    expect(found.p_value).toBeGreaterThan(0.05);
    expect(judgeDifferences([found])[0]?.shown).toBe(false);
  });

  it("shows nothing where no answer differs, and does not claim to know what would have shown", () => {
    const found = compare(named("a", [1, 0, 1], [1, 0, 1]), named("b", [1, 0, 1], [1, 0, 1]));
    expect(found).toMatchObject({ difference: 0, p_value: 1 });
    expect(judgeDifferences([found])[0]).toMatchObject({ detectable: null, shown: false });
  });

  it("does not take two items for a proof, however alike they are; many are one", () => {
    const wrong = (count: number) => named("a", ...ofLength(3, () => 0).map(() => ofLength(count, () => 0)));
    const right = (count: number) => named("b", ...ofLength(3, () => 0).map(() => ofLength(count, () => 1)));
    expect(compare(wrong(2), right(2)).p_value).toBe(0.5);
    expect(judgeDifferences([compare(wrong(2), right(2))])[0]?.shown).toBe(false);
    const [many] = judgeDifferences([compare(wrong(200), right(200))]);
    expect(many?.shown).toBe(true);
    expect(many!.interval!.low).toBeLessThan(1);
    expect(many!.interval!.low).toBeGreaterThan(0.98);
  });

  it("takes items with one prompt for one", () => {
    const repeated = (name: string, score: (at: number) => number): NamedSamples => ({
      name,
      samples: new Map([
        [0, ofLength(40, score).map((own, at) => sample(at, own, { clusterId: `${at % 4}` }))],
      ]),
    });
    const found = compare(
      repeated("a", () => 0),
      repeated("b", (at) => Number(at % 4 > 0)),
    );
    // 40 items would be sure of it; 4 prompts are not.
    expect(
      compare(
        named(
          "a",
          ofLength(40, () => 0),
        ),
        named(
          "b",
          ofLength(40, (at) => Number(at % 4 > 0)),
        ),
      ).p_value,
    ).toBeLessThan(1e-6);
    expect(found.mcnemar).toBeNull();
    expect(found.p_value).toBe(0.25);
    expect(found.item_interval!.low).toBeLessThan(0);
  });
});

describe("judgeDifferences", () => {
  const first = ofLength(200, (at) => Number(at % 5 < 3));
  const second = ofLength(200, (at) => Number(at % 5 < 4));

  it("shows a difference of several seeds, and never one of a single seed", () => {
    const shown = (seeds: number) =>
      judgeDifferences([
        compare(
          named("a", ...ofLength(seeds, () => 0).map(() => first)),
          named("b", ...ofLength(seeds, () => 0).map(() => second)),
        ),
      ])[0]!;
    expect(shown(3)).toMatchObject({ shown: true, seeds: 3 });
    expect(shown(1)).toMatchObject({ shown: false, seeds: 1 });
    expect(shown(1).p_adjusted).toBeLessThan(0.001);
  });

  it("asks more of each of several, and says so in what it could detect", () => {
    const one = compareObjectives([
      {
        first: named("a", first, first),
        second: named(
          "b",
          second,
          ofLength(200, (at) => Number(at % 4 < 3)),
        ),
      },
    ])[0]!;
    const [alone] = judgeDifferences([one]);
    const [ofMany] = judgeDifferences(ofLength(10, () => 0).map(() => ({ ...one })));
    expect(ofMany!.p_adjusted).toBeGreaterThan(alone!.p_adjusted);
    expect(ofMany!.detectable!).toBeGreaterThan(alone!.detectable!);
  });
});

it("gives the base model's answers for every seed", () => {
  const base = ofLength(60, (at) => at % 2);
  const found = compare(named("base model", base, base), {
    name: "otr",
    samples: samples(
      base,
      ofLength(60, () => 1),
    ),
  });
  expect(found).toMatchObject({ difference: 0.25, seeds: 2 });
});
