/**
 * The errors a user can cause or meet. Each says what was found, why it matters and what to change.
 *
 * `code` is stable and part of the public interface; the command line turns a class into an exit status:
 * {@link UsageError}, {@link ConfigError} and {@link DataError} end with 2, everything else with 1.
 */

/** One mistake: what was found, why it matters, what to change. */
export interface Problem {
  /** Where: an option name, or `file:line`. */
  readonly where: string;
  readonly message: string;
}

/** Base class of the errors that this package throws on purpose. */
export class OtrError extends Error {
  override readonly name: string = "OtrError";
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command line was not understood (unknown command, missing value). */
export class UsageError extends OtrError {
  override readonly name = "UsageError";
}

/** One or more options are wrong; all of them are reported together. */
export class ConfigError extends OtrError {
  override readonly name = "ConfigError";
  constructor(readonly problems: readonly Problem[]) {
    super("CONFIG_INVALID", problems.map((problem) => `${problem.where}: ${problem.message}`).join("\n"));
  }
}

/** A data file, tokenizer, template or model folder cannot be used as it is. */
export class DataError extends OtrError {
  override readonly name = "DataError";
}

/** Training or generation had to stop (non-finite values, full disk). */
export class RunError extends OtrError {
  override readonly name = "RunError";
}

/** Whether it is libtorch's error that it could not get the memory that it asked for. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof OtrError) &&
  /can't allocate memory|out of memory/i.test(error.message);
