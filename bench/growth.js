/**
 * @file `node bench/growth.js --model DIR`: how the time of a step grows: with the length of the rows at a fixed number of
 * tokens, with the number of rows, and on one thread beside two. Rows are random, the model has its shape and random
 * weights.
 */
import { join } from "node:path";
import { alternate, measure, shown, summarize } from "./alternate.js";
import { makeModelFolder, withFolder, writeRows } from "./random-rows.js";
import { numbers, oneRun, readSettings, runArguments } from "./settings.js";

const settings = readSettings(
  "node bench/growth.js --model DIR [--tokens 4096] [--lengths 128,256,512,1024,2048] [--rows 1,2,4,8,16] " +
    "[--row-length 256] [--loss nll|dft|otr] [--threads N] [--device cuda] [--fp32]",
  {
    needed: ["model"],
    further: { tokens: "4096", lengths: "128,256,512,1024,2048", rows: "1,2,4,8,16", "row-length": "256" },
  },
);
const tokens = Number(settings.tokens);
const rowLength = Number(settings["row-length"]);

withFolder((folder) => {
  const longest = Math.max(rowLength, ...numbers(settings.lengths));
  const changes = { max_position_embeddings: longest };
  const { folder: model, config } = makeModelFolder(join(folder, "model"), settings.model, changes);
  const run = (batch, length, threads = settings.threads) => {
    const count = (Number(settings.steps) + Number(settings.warm)) * batch;
    const path = join(folder, `${batch}x${length}.jsonl`);
    const data = writeRows(path, { count, length, vocabulary: config.vocab_size });
    const shape = { model, data, batch, threads, "max-length": length };
    return () => measure(process.execPath, [oneRun(), ...runArguments(settings, shape)]);
  };
  run(1, rowLength)(); // makes the weights
  const sweep = (title, sides) => {
    console.error(title);
    const rounds = alternate(sides, Number(settings.alternations));
    const table = Object.keys(sides).map((name) => ({
      name,
      step_s: summarize(rounds.map((round) => round[name].step_s)),
    }));
    for (const { name, step_s } of table) console.error(`${name.padEnd(20)} ${shown(step_s)} s a step`);
    return { table, rounds };
  };

  const lengths = numbers(settings.lengths).map((length) => [
    length,
    Math.max(1, Math.round(tokens / length)),
  ]);
  const length = sweep(
    `rows of each length, ${tokens} tokens a step`,
    Object.fromEntries(lengths.map(([length, batch]) => [`${batch} x ${length}`, run(batch, length)])),
  );
  const counts = numbers(settings.rows);
  const rows = sweep(
    `rows of ${rowLength} tokens`,
    Object.fromEntries(counts.map((count) => [`${count} rows`, run(count, rowLength)])),
  );
  const line = fitLine(
    counts,
    rows.table.map(({ step_s }) => step_s.median),
  );
  console.error(
    `${line.constant.toFixed(3)} s + ${line.slope.toFixed(4)} s a row; farthest from the line: ${(100 * line.deviation).toFixed(1)} %`,
  );
  const batch = Math.max(1, Math.round(tokens / rowLength));
  const threads = sweep(`threads, ${batch} rows of ${rowLength} tokens`, {
    "1 thread": run(batch, rowLength, 1),
    "2 threads": run(batch, rowLength, 2),
  });
  const speedup = summarize(
    threads.rounds.map((round) => round["1 thread"].step_s / round["2 threads"].step_s),
  );
  console.error(`two threads are ${shown(speedup)} times as fast as one`);
  console.log(
    JSON.stringify({ settings, length, rows: { ...rows, line }, threads: { ...threads, speedup } }),
  );
});

/** Least squares: y = constant + slope x, and the largest share by which a y is off the line. */
function fitLine(x, y) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centreX, centreY] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, index) => (value - centreX) * (y[index] - centreY)));
  const slope = x.length > 1 ? covariance / mean(x.map((value) => (value - centreX) ** 2)) : 0;
  const constant = centreY - slope * centreX;
  const deviation = Math.max(...x.map((value, index) => Math.abs(y[index] / (constant + slope * value) - 1)));
  return { constant, slope, deviation };
}
