import type { Progress } from '../../../lib/command-line/progress.ts';
import type { PatientClient } from '../../../lib/replay/http/patient-client.ts';
import { createPatientClient } from '../../../lib/replay/http/patient-client.ts';
import type { HttpAnswer } from '../../../lib/replay/http/transport.ts';

export const NO_PROGRESS: Progress = {
  start: () => undefined,
  advance: () => undefined,
  end: () => undefined,
};

/** A client of an API that answers as a test says: with a status and a body, by path. */
export function apiOf(answer: (path: string) => readonly [status: number, body: unknown]): PatientClient {
  const send = async ({ path }: { readonly path: string }): Promise<HttpAnswer> => {
    const [status, body] = answer(path);
    return { status, body, retryAfterSeconds: undefined };
  };
  return createPatientClient({
    transport: { send, close: () => undefined },
    clock: { now: () => 0, sleep: async () => undefined },
    random: { fraction: () => 0 },
    concurrency: 4,
    patienceMs: 200,
  });
}
