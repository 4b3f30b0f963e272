import type { Progress } from '../../../lib/command-line/progress.ts';
import type { PatientClient } from '../../../lib/replay/http/patient-client.ts';
import { createPatientClient } from '../../../lib/replay/http/patient-client.ts';
import type { HttpAnswer, HttpRequest } from '../../../lib/replay/http/transport.ts';

export const NO_PROGRESS: Progress = {
  start: () => undefined,
  advance: () => undefined,
  end: () => undefined,
};

type Scripted = readonly [status: number, body: unknown, more?: Partial<HttpAnswer>];

/** A client of an API that answers as a test says: with a status and a body, by path. */
export function apiOf(
  answer: (path: string, request: HttpRequest) => Scripted | Promise<Scripted>,
  sleep: (milliseconds: number) => Promise<void> = async () => undefined,
): PatientClient {
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    const [status, body, more] = await answer(request.path, request);
    return { status, body, retryAfterSeconds: undefined, ...more };
  };
  return createPatientClient({
    transport: { send, close: () => undefined },
    clock: { now: () => 0, sleep },
    random: { fraction: () => 0 },
    concurrency: 4,
    patienceMs: 200,
  });
}
