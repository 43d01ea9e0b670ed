/**
 * What stops a set-up, in one sentence with the command that mends it.
 *
 * `code` is stable: programs may compare it, messages may change.
 */
export class SetupError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "SetupError";
    this.code = code;
  }
}
