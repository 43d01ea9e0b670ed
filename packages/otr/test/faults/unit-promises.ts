/** @file Promises that the unit suite holds; each test of this folder is one of its own. */

/** A promise, and the tests that prove it. */
export interface UnitPromise {
  readonly promise: string;
  /** Below `packages/otr/test`. */
  readonly file: string;
  /** Fits the full names of the tests, parts joined by blanks. */
  readonly tests: RegExp;
}

/** What `docs/reliability.md` tells beside the tests of this folder. */
export const UNIT_PROMISES: readonly UnitPromise[] = [
  {
    promise: "NaN or infinity in a loss or a gradient never reaches the weights; the rows are named and kept",
    file: "training/divergence.test.ts",
    tests: /that is not finite|a step that is skipped|a micro-batch is named/,
  },
  {
    promise: "a loss above a threshold for some steps in a row ends the run, and the model is kept",
    file: "training/divergence.test.ts",
    tests: /^a loss above the threshold/,
  },
  {
    promise: "a base model that holds NaN is refused, and a failed run saves what it had learned",
    file: "training/train.test.ts",
    tests: /holds NaN|loss that is not finite|saves what was learned/,
  },
  {
    promise:
      "a run that is stopped after any of 12 steps goes on to the same weights and lines, bit for bit, with accumulation, packing, shuffling, dropout, LoRA, a critic and evaluations",
    file: "training/checkpoints/resume.test.ts",
    tests: /goes on at each of 12 steps/,
  },
  {
    promise: "a checkpoint that is written while training goes on holds what one holds that was waited for",
    file: "training/checkpoints/resume.test.ts",
    tests: /written while training went on/,
  },
  {
    promise: "each setting that decides on a run's numbers is compared by its name before training goes on",
    file: "training/checkpoints/run-settings.test.ts",
    tests: /each setting/,
  },
  {
    promise:
      "other data, tokenizer, template, base model, adapter, objective or options are refused field by field, of a complete run too, and what was allowed stays noted",
    file: "training/checkpoints/resume-point.test.ts",
    tests: /^a changed run (is refused|is told of)|^a run that is complete is refused/,
  },
  {
    promise:
      "where no checkpoint can be gone on from, auto begins anew, says so, and keeps what is there; a refusal advises what works",
    file: "training/checkpoints/resume-point.test.ts",
    tests: /begins anew where all|fails where all/,
  },
  {
    promise: "a complete run whose model is missing or changed is told, with what makes it again",
    file: "training/checkpoints/resume-point.test.ts",
    tests: /^a run that is complete is told/,
  },
  {
    promise:
      "by another metric or direction the best is found among the evaluations so far, and a run that ended early goes on with more patience",
    file: "training/checkpoints/best-to-go-on-with.test.ts",
    tests: /finds the best|goes on with more patience/,
  },
  {
    promise: "lines of metrics.jsonl that are gone are told when a run goes on, with the steps",
    file: "training/find-lost-lines.test.ts",
    tests: /^says between/,
  },
  {
    promise: "no checkpoint is published whose lines the disk does not take",
    file: "training/run-files.test.ts",
    tests: /./,
  },
  {
    promise: "event files that were removed are noticed and written again",
    file: "training/loggers/tensorboard.test.ts",
    tests: /^notices/,
  },
  {
    promise: "a checkpoint of every format that was ever written can be gone on from",
    file: "training/checkpoints/older-formats.test.ts",
    tests: /^goes on from/,
  },
  {
    promise:
      "whatever the limit, the best checkpoint and the last stay, and a save that fails costs neither run nor model",
    file: "training/checkpoints/checkpoints.test.ts",
    tests: /the best stays|the best one's checkpoint is damaged|a save that fails/,
  },
  {
    promise: "the place on the disk is looked at before anything is written",
    file: "training/check-disk-space.test.ts",
    tests: /./,
  },
  {
    promise: "every bit of a manifest, and a changed bit of a file, is noticed",
    file: "training/checkpoints/manifest.test.ts",
    tests: /^notices/,
  },
  {
    promise: "the count of skipped steps and the watch over loss and gradient outlast a stop",
    file: "training/divergence.test.ts",
    tests: /is part of a checkpoint/,
  },
  {
    promise: "a logger that fails, hangs or goes away never stops training, is named once, and catches up",
    file: "training/loggers/delivery.test.ts",
    tests: /^(says a failure|gives|goes on|bears|leaves|says that the end)/,
  },
  {
    promise: "the thread of the loggers may fail to begin, die, or be kept by a server that never answers",
    file: "training/loggers/run-reporter.test.ts",
    tests: /^(neither waits|says once|survives|bears)/,
  },
  {
    promise: "event files are those of TensorBoard's own writer, byte for byte",
    file: "training/loggers/event-file.test.ts",
    tests: /as TensorBoard's writer does/,
  },
  {
    promise: "a spike of the gradient's norm is told once, and what is usual is not",
    file: "training/gradient-spikes.test.ts",
    tests: /./,
  },
  {
    promise: "samples that cannot be made do not end a run",
    file: "training/evaluate-run.test.ts",
    tests: /that fail do not end the run/,
  },
  {
    promise: "the number of data workers changes nothing of a run",
    file: "training/encoding-threads.test.ts",
    tests: /do not change a run/,
  },
  {
    promise: "a run that is repeated from run.json is the same, and the first difference is said",
    file: "training/repeat-run.test.ts",
    tests: /^repeatRun (comes to the same|tells what|refuses where)/,
  },
  {
    promise:
      "the same gradients however a step is split into micro-batches, packed or padded, whatever the chunk of the head",
    file: "training/training-model.test.ts",
    tests: /same gradients|sequence aggregation does not depend/,
  },
  {
    promise: "no learned token is lost without a word: cut rows and ends of turns that are never learned",
    file: "data/load-dataset.test.ts",
    tests: /rows that are too long|the end of a turn/,
  },
  {
    promise:
      "what is written opens in transformers' and PEFT's terms, with the same logits, and theirs opens here",
    file: "compatibility.test.ts",
    tests: / round trip$/,
  },
  {
    promise: "broken or hostile files of a model are read or refused, and nothing else happens",
    file: "models/broken-model-files.test.ts",
    tests: /^a broken file is read or refused/,
  },
  {
    promise: "a hostile chat template ends in a text or an error, in bounded time",
    file: "data/fuzz-templates.test.ts",
    tests: /^ends in a text or a DataError/,
  },
  {
    promise:
      "hostile answers of a server end in an error or a sound download, and nothing is written elsewhere",
    file: "hub/hostile-answers.test.ts",
    tests: /^end in an error of ours/,
  },
];
