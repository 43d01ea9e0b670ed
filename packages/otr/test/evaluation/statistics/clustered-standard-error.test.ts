import { describe, expect, it } from "vitest";
import { clusteredStandardError } from "../../../src/evaluation/statistics/clustered-standard-error.js";
import { standardError } from "../../../src/evaluation/statistics/standard-error.js";
import { expectNear, references } from "./references.js";

const { first: scores } = references.paired;

describe("clusteredStandardError", () => {
  it("is the ordinary one where each item is its own cluster", () => {
    const { standardError: found, clusters } = clusteredStandardError(
      scores,
      scores.map((_, item) => item),
    );
    expectNear(found!, standardError(scores)!);
    expect(clusters).toBe(scores.length);
  });

  it("does not shrink when every item is repeated", () => {
    const twice = [...scores, ...scores];
    const ids = twice.map((_, item) => `item ${item % scores.length}`);
    expectNear(clusteredStandardError(twice, ids).standardError!, standardError(scores)!);
    expect(standardError(twice)!).toBeLessThan(standardError(scores)! / 1.4);
  });

  it("is the formula's: the sums of clusters of unequal size", () => {
    // Mean 0.5; sums of deviations 1, -0.5, -0.5; sqrt(3/2 * 1.5) / 6.
    const { standardError: found } = clusteredStandardError(
      [1, 1, 0, 0, 1, 0],
      ["a", "a", "b", "c", "c", "c"],
    );
    expectNear(found!, Math.sqrt(1.5 * 1.5) / 6);
  });

  it("is not known for one cluster", () => {
    expect(clusteredStandardError([1, 0], ["a", "a"])).toEqual({ standardError: null, clusters: 1 });
  });

  it.each([[null], [undefined], [Number.NaN], [""]])("refuses the cluster %j", (missing) => {
    expect(() => clusteredStandardError([1, 0], ["a", missing])).toThrow(
      expect.objectContaining({ code: "STATISTICS_CLUSTER_MISSING" }),
    );
  });

  it("refuses clusters of other items", () => {
    expect(() => clusteredStandardError([1, 0], ["a"])).toThrow(
      expect.objectContaining({ code: "STATISTICS_LENGTHS_DIFFER" }),
    );
  });
});
