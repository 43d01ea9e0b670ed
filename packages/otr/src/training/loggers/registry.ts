import type { LoggerName } from "../../config/logger-names.js";
import type { OpenLogger } from "./logger.js";
import { openMlflow } from "./mlflow.js";
import { openTensorboard } from "./tensorboard.js";
import { openTrackio } from "./trackio.js";
import { openWandb } from "./wandb.js";

/** How each logger is opened. A new one is a file, a row here and a name in `config/logger-names.ts`. */
export const LOGGERS: Readonly<Record<LoggerName, OpenLogger>> = {
  tensorboard: openTensorboard,
  trackio: openTrackio,
  mlflow: openMlflow,
  wandb: openWandb,
};
