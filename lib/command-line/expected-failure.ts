import { StartupError } from '../local/startup-error.ts';
import { QueueServiceError } from '../operate/dead-letters/queue-port.ts';
import { UnexpectedAnswerError } from '../replay/http/answers.ts';
import { OutOfPatienceError } from '../replay/http/patient-client.ts';
import { UsageError } from './usage-error.ts';

const EXPECTED = [
  UsageError,
  StartupError,
  UnexpectedAnswerError,
  OutOfPatienceError,
  QueueServiceError,
] as const;

/** Whether a failure says what to do in one line. Anything else is a defect and deserves its stack trace. */
export const isExpectedFailure = (error: unknown): error is Error =>
  EXPECTED.some((kind) => error instanceof kind);
