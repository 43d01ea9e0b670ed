/** @file What the resolver needs to know about the options of one command. */
import type { z } from "zod";

/** A mistake that concerns the option `key`, found by a rule over several options. */
export interface Mistake {
  readonly key: string;
  readonly message: string;
  /** Other options that the rule looked at; where one of those is wrong itself, the mistake is not reported. */
  readonly others?: readonly string[];
  /**
   * Set when `key` has no effect because of this option's value. Where `key` comes from a file and this one
   * from a flag, the flag was meant to override the file: `key` goes back to its default, with a note.
   */
  readonly withoutEffectBecauseOf?: string;
}

/**
 * Writes an option's name as the person at hand writes it: `--learning_rate`, `learning_rate` in a file, `learningRate`
 * in TypeScript; or the name of a field of an object option, which never has the hyphens.
 */
export type NameWriter = (key: string, kind?: "option" | "field") => string;

/** The options of one command, their rules, and what is made of their values. */
export interface OptionSet<Schema extends z.ZodObject = z.ZodObject, Config = unknown> {
  readonly schema: Schema;
  /** Whether the command reads a configuration file beside its flags. */
  readonly readsFile: boolean;
  /** The option whose value is the command's argument: `otr push FOLDER`. */
  readonly positional?: string;
  /** The list option whose value people write without its name. */
  readonly bareArgument?: string;
  /** Pairs of which one replaces the other: when a flag sets one, the file's other is dropped. */
  readonly alternatives: readonly (readonly [string, string])[];
  /** Checks of files and folders by option; each returns what is wrong, or null. */
  readonly paths: Readonly<Record<string, (path: string) => string | null>>;
  /**
   * Rules over several options. Options that are wrong by themselves have their default here (an empty text
   * where they have none). `given` tells whether an option was written down at all.
   */
  rules(values: z.output<Schema>, name: NameWriter, given: (key: string) => boolean): Mistake[];
  /** Fills in what follows from other options. */
  complete(values: z.output<Schema>): Config;
}
