/** @file Options that were freely changed when a run went on: they are no reason to refuse, but its results show them. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { formatValue } from "../config/format-value.js";
import { optionName } from "../config/option-name.js";
import type { TrainConfig } from "../config/train-options.js";
import type { ResumePoint } from "./checkpoints/resume-point.js";
import { FREE_WITH_EFFECT } from "./checkpoints/run-settings.js";
import { type Adjustment, readRunJson } from "./run-record.js";

/**
 * What was changed on the way, the change with which the run goes on now included. The record of the run is beside the
 * checkpoint; nothing is known where that is another run's.
 *
 * @throws {DataError} `RUN_RECORD_INVALID`
 */
export function findAdjustments(config: TrainConfig, { folder, state }: ResumePoint): Adjustment[] {
  const path = join(dirname(resolve(folder)), "run.json");
  const record = existsSync(path) ? readRunJson(path) : null;
  if (record?.run_id !== state.run_id) return [];
  const options = FREE_WITH_EFFECT.map((key) => ({ option: optionName(key), to: config[key] }));
  const changed = options
    .map(({ option, to }) => ({ step: state.step, option, from: record.config[option], to }))
    .filter(({ from, to }) => from !== undefined && JSON.stringify(from) !== JSON.stringify(to));
  return [...record.adjusted, ...changed];
}

/** An adjustment in words. */
export const describeAdjustment = ({ step, option, from, to }: Adjustment): string =>
  `${option} was ${formatValue(from)} up to step ${step}, and ${formatValue(to)} from there on`;
