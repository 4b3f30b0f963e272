/**
 * Something that whoever typed the command can remedy. The message is one line; the command prints it without
 * a stack trace and exits with code 1.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
