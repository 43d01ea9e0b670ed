import type { LoggerName } from "../../config/logger-names.js";
import type { LoggerKind } from "./logger.js";
import { openMlflow } from "./mlflow.js";
import { findLostEventFiles, openTensorboard } from "./tensorboard.js";
import { openTrackio } from "./trackio.js";
import { openWandb } from "./wandb.js";

/** How each logger is opened. A new one is a file, a row here and a name in `config/logger-names.ts`. */
export const LOGGERS: Readonly<Record<LoggerName, LoggerKind>> = {
  tensorboard: { open: openTensorboard, findLoss: findLostEventFiles },
  trackio: { open: openTrackio },
  mlflow: { open: openMlflow },
  wandb: { open: openWandb },
};
