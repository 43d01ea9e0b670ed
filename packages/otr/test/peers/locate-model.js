/** @file `node locate-model.js ORG/NAME REVISION`: downloads a model, as `HF_...` say, and prints its folder. */
import { locateModel } from "one-token-rollout";

const [name, revision] = process.argv.slice(2);
const { path } = await locateModel(name, { revision });
console.log(path);
