import { HUB_PREFIX, hubModelName } from "../config/hub-name.js";
import { DataError } from "../errors.js";

/**
 * Refuses to upload an adapter whose base model others cannot find.
 *
 * @param baseModel what its `adapter_config.json` names, or will
 * @throws {DataError} `HUB_BASE_LOCAL`
 */
export function requireHubBase(baseModel: string): void {
  // As others read it, whatever folders exist here.
  if (hubModelName(`${HUB_PREFIX}${baseModel}`) !== null) return;
  throw new DataError(
    "HUB_BASE_LOCAL",
    `the adapter is for the base model ${baseModel}, which is no id of the Hub (org/name), so that others could not find it. ` +
      "Upload the base model too (otr push FOLDER) and train with its id as model_name_or_path, or upload the merged " +
      "model (otr merge, then otr push)",
  );
}
