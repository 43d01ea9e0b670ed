import type { Document } from "../document.js";

/** A step of a pipeline: the answers to one row in, answers out. */
export type Filter = (responses: readonly string[], document: Document) => string[];
