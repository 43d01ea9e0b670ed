import { DataError } from "../../errors.js";
import { requireSameLength } from "./require-numbers.js";
import { mean } from "./standard-error.js";

/** What a value's cluster is called: the passage, or the prompt that is repeated. */
export type ClusterId = string | number | null | undefined;

/**
 * The standard error of a mean whose items come in clusters, and the number of clusters C (degrees of freedom: C - 1):
 *
 *     sqrt(C / (C - 1) * sum_c (sum_{i in c} (x_i - mean))^2) / n
 *
 * (E. Miller, "Adding Error Bars to Evals", arXiv 2411.00640, section 2.2, with the factor for few clusters that Inspect
 * uses.) With clusters of one item it is the ordinary standard error. Null for a single cluster.
 *
 * @param clusters of each value
 * @throws {DataError} `STATISTICS_CLUSTER_MISSING` where an identifier is null, undefined, NaN or empty: such items would
 *   silently become one cluster; and what {@link requireSameLength} and {@link mean} throw
 */
export function clusteredStandardError(
  values: readonly number[],
  clusters: readonly ClusterId[],
): { standardError: number | null; clusters: number } {
  requireSameLength(values, clusters);
  const center = mean(values);
  const sums = new Map<string | number, number>();
  for (const [index, cluster] of clusters.entries()) {
    if (cluster === null || cluster === undefined || cluster === "" || Number.isNaN(cluster)) {
      throw new DataError(
        "STATISTICS_CLUSTER_MISSING",
        `item ${index} has the cluster ${JSON.stringify(cluster) ?? "undefined"}; name the cluster of every item, or ask for the ordinary standard error`,
      );
    }
    sums.set(cluster, (sums.get(cluster) ?? 0) + values[index]! - center);
  }
  const count = sums.size;
  if (count < 2) return { standardError: null, clusters: count };
  const squares = [...sums.values()].reduce((total, sum) => total + sum * sum, 0);
  return { standardError: Math.sqrt((count / (count - 1)) * squares) / values.length, clusters: count };
}
