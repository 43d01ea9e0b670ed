import { aten, Generator, scope, zeros } from "@one-token/torch";
import { expect, it } from "vitest";
import { createOptimizer } from "../../../src/training/optimizers/registry.js";

it("remembers the mean squares of rows and columns of a matrix of several blocks", () => {
  scope(() => {
    const [rows, columns] = [1000, 600] as const;
    const matrix = zeros([rows, columns]);
    matrix.requiresGrad = true;
    const options = { adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-8, weightDecay: 0 };
    const optimizer = createOptimizer(new Map([["m.weight", matrix]]), { optim: "adafactor", ...options });
    const gradient = aten.normal_(zeros([rows, columns]), 0, 1, { generator: new Generator({ seed: 1 }) });
    matrix.grad = gradient.clone();
    optimizer.step(1); // the first step's average is the gradient's own
    const values = gradient.toTypedArray();
    const ofRows = new Float64Array(rows);
    const ofColumns = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const square = Number(values[row * columns + column]) ** 2;
        ofRows[row]! += square / columns;
        ofColumns[column]! += square / rows;
      }
    }
    for (const [name, expected] of [
      ["m.weight.exp_avg_sq_row", ofRows],
      ["m.weight.exp_avg_sq_col", ofColumns],
    ] as const) {
      const found = optimizer.state.get(name)!.toArray();
      const largest = Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)));
      expect(largest, name).toBeLessThan(1e-5);
    }
    optimizer.dispose();
  });
});
