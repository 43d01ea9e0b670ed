/** @file Options of the Hugging Face Hub that several commands have. */
import { z } from "zod";
import { isRepositoryId, isRevision } from "./hub-name.js";
import { option } from "./option-text.js";

/** The heading of the options about uploads. */
export const UPLOAD = "Upload to the Hugging Face Hub";

/** `model_revision`, under the heading `group`. */
export const modelRevision = (group: string) =>
  option(z.string().refine(isRevision).default("main"), {
    group,
    placeholder: "REVISION",
    expected: "the name of a branch or tag, or a commit hash",
    description:
      "Branch, tag or commit of a model of the Hub. A commit of 40 digits in the cache is not asked for.",
  });

/** `hub_model_id` */
export const hubModelId = option(z.string().refine(isRepositoryId).nullable().default(null), {
  group: UPLOAD,
  placeholder: "ORG/NAME",
  expected: "an id such as org/name or name",
  description:
    "The repository that the model is uploaded to, made if it is missing; without ORG in your own namespace. Null means " +
    "the name of the model's folder.",
});

/** `hub_private_repo` */
export const hubPrivateRepo = option(z.boolean().nullable().default(null), {
  group: UPLOAD,
  description:
    "Whether a repository that is made is private; true also refuses one that is there already and public. Null leaves it " +
    "to the namespace, most of which make public ones.",
});
