import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type HumanEvalRow,
  humanEvalInstructPrediction,
  humanEvalPrediction,
  humanEvalReference,
  type MbppRow,
  mbppInstructPrediction,
  mbppPlusReference,
  mbppReference,
} from "../../src/evaluation/code-programs.js";
import { hasShared, shared } from "../shared.js";

interface Sample {
  readonly doc_id: number;
  readonly doc: HumanEvalRow & MbppRow;
  readonly target: string;
  readonly resps: readonly [readonly [string]];
  readonly filtered_resps: readonly [string | readonly [string]];
}

interface TaskOfHarness {
  readonly predict: (row: HumanEvalRow & MbppRow, output: string) => string;
  readonly reference: (row: HumanEvalRow & MbppRow) => string;
}

const TASKS: Readonly<Record<string, TaskOfHarness>> = {
  humaneval: { predict: humanEvalPrediction, reference: humanEvalReference },
  humaneval_instruct: {
    predict: humanEvalInstructPrediction,
    reference: humanEvalReference,
  },
  mbpp: { predict: (_, output) => output, reference: mbppReference },
  mbpp_instruct: {
    predict: (_, output) => mbppInstructPrediction(output),
    reference: mbppReference,
  },
};

const samplesOf = (task: string): readonly Sample[] =>
  JSON.parse(readFileSync(shared(`reference/harness/${task}.json`), "utf8")).samples[task];

describe.skipIf(!hasShared).each(Object.entries(TASKS))(
  "%s, beside lm-evaluation-harness",
  (task, { predict, reference }) => {
    it("takes the same text for the model's function, and the same for its tests", () => {
      for (const { doc, target, resps, filtered_resps } of samplesOf(task)) {
        expect(predict(doc, resps[0][0])).toBe([filtered_resps[0]].flat()[0]);
        expect(reference(doc)).toBe(target);
      }
    });
  },
);

describe("mbppPlusReference", () => {
  it("is all tests of the row in one text", () => {
    expect(mbppPlusReference({ test_list: ["assert f(1)"], test: "import numpy as np\nassert f(2)" })).toBe(
      "import numpy as np\nassert f(2)",
    );
  });
});
