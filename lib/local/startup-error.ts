/**
 * A reason why the embedded stack cannot start that its user can remedy. The message is one line that says
 * what to do; the command prints it without a stack trace and exits with code 1.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}
