import { basename, join, resolve } from "node:path";
import type { LoggerName } from "../../config/logger-names.js";
import { readRunJson } from "../run-record.js";
import { Delivery, type DeliveryNotice } from "./delivery.js";
import { DeliveryRecord } from "./delivery-record.js";
import { LOGGERS } from "./registry.js";

/** Which run goes where. */
export interface ReportSetting {
  /** The run's `output_dir`. */
  readonly folder: string;
  readonly reportTo: readonly LoggerName[];
  /** Null means the folder's name. */
  readonly runName: string | null;
  readonly project: string;
}

/**
 * A delivery for each logger of a run.
 *
 * @throws {DataError} `RUN_RECORD_INVALID`
 */
export function openDeliveries(setting: ReportSetting, tell: (notice: DeliveryNotice) => void): Delivery[] {
  const { folder, project } = setting;
  const runRecord = readRunJson(join(folder, "run.json"));
  const { run_id: id } = runRecord;
  const record = DeliveryRecord.open(folder, id);
  const run = { folder, id, name: setting.runName ?? basename(resolve(folder)), project, record: runRecord };
  return setting.reportTo.map((name) => new Delivery({ name, kind: LOGGERS[name], run, record, tell }));
}
