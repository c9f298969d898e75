/** Ends the command with an exit code of its own; the message, if any, is shown. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

/** By name, not by class: a command that is loaded on demand brings a class of its own. */
export function isExitError(error: Error): error is ExitError {
  return error.name === 'ExitError' && 'exitCode' in error;
}
