import { describe, expect, it } from 'vitest';
import {
  createPatientClient,
  OutOfPatienceError,
  type PatientClientSettings,
  type Sent,
} from '../../../lib/replay/http/patient-client.ts';
import { type HttpAnswer, NoAnswerError, type Transport } from '../../../lib/replay/http/transport.ts';

const REQUEST = { method: 'POST', path: '/movements', body: {}, idempotencyKey: 'k' } as const;

type Scripted = HttpAnswer | Error;
const status = (code: number, retryAfterSeconds?: number): HttpAnswer => ({
  status: code,
  body: {},
  retryAfterSeconds,
});

/** Answers as told, the last answer for ever; notes every wait instead of waiting. */
function scripted(answers: readonly Scripted[], settings: Partial<PatientClientSettings> = {}) {
  const waits: number[] = [];
  const sent: Sent[] = [];
  const keys: (string | undefined)[] = [];
  const transport: Transport = {
    send: ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      const answer = answers[Math.min(keys.length, answers.length) - 1];
      return answer instanceof Error || answer === undefined
        ? Promise.reject(answer)
        : Promise.resolve(answer);
    },
    close: () => undefined,
  };
  const sleep = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  const client = createPatientClient({
    transport,
    clock: { now: () => 0, sleep },
    random: { fraction: () => 1 },
    concurrency: 4,
    onSent: (_operation, one) => sent.push(one),
    ...settings,
  });
  return { client, waits, sent, keys };
}

describe('the patient client', () => {
  it.each([
    ['a connection that broke', new NoAnswerError('cut')],
    ['429', status(429)],
    ['500', status(500)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
  ])('asks again, under the same key, after %s', async (_what, failure) => {
    const { client, sent, keys } = scripted([failure, failure, status(201)]);
    await expect(client.send('return', REQUEST)).resolves.toMatchObject({ status: 201 });
    expect(keys).toEqual(['k', 'k', 'k']);
    expect(sent).toMatchObject([{ retries: 2 }]);
  });

  it.each([200, 201, 400, 401, 403, 404, 409, 412, 422])('takes %i as the answer', async (code) => {
    const { client, keys } = scripted([status(code)]);
    await expect(client.send('hold', REQUEST)).resolves.toMatchObject({ status: code });
    expect(keys).toHaveLength(1);
  });

  it('waits longer each time, up to a limit', async () => {
    const { client, waits } = scripted([...Array<HttpAnswer>(8).fill(status(503)), status(201)]);
    await client.send('hold', REQUEST);
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 3000, 3000]);
  });

  it('waits at random, so that requests do not come back together', async () => {
    const { client, waits } = scripted([status(503), status(201)], { random: { fraction: () => 0.25 } });
    await client.send('hold', REQUEST);
    expect(waits).toEqual([12.5]);
  });

  it('waits as long as the server asks for, within reason', async () => {
    const { client, waits } = scripted([status(429, 2), status(503, 600), status(201)], {
      random: { fraction: () => 0 },
    });
    await client.send('hold', REQUEST);
    expect(waits).toEqual([2_000, 10_000]);
  });

  it('gives up in the end, and says after what', async () => {
    const { client } = scripted([status(503)], { patienceMs: 0 });
    const sending = client.send('hold', REQUEST);
    await expect(sending).rejects.toThrow(OutOfPatienceError);
    await expect(sending).rejects.toThrow(/POST \/movements got no answer in \d+ attempts.*status 503/);
  });

  it('ends every wait when it is aborted', async () => {
    const { client } = scripted([status(503)], {
      clock: { now: () => 0, sleep: () => new Promise(() => undefined) },
    });
    const sending = client.send('hold', REQUEST);
    await new Promise((resolve) => setImmediate(resolve));
    client.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
    await expect(client.send('hold', REQUEST)).rejects.toThrow('enough');
  });

  it('does not retry what is a bug of ours', async () => {
    const { client, keys } = scripted([new TypeError('bug')]);
    await expect(client.send('hold', REQUEST)).rejects.toThrow('bug');
    expect(keys).toHaveLength(1);
  });
});
