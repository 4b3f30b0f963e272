/**
 * A server that speaks DynamoDB's protocol and answers what a test tells it: for what DynamoDB Local never
 * does (it serialises its writers, is never too busy and loses nothing).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { createStore, type DynamoDbStore } from '../../lib/adapters/dynamodb/store.ts';
import type { Clock } from '../../lib/application/ports.ts';
import { CREDENTIALS } from './credentials.ts';

export interface ScriptedRequest {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** `lose`: the connection ends without an answer. `ignore`: no answer, ever. */
type FixedAnswer = { readonly status: number; readonly body: Record<string, unknown> } | 'lose' | 'ignore';
/** An answer, or one that depends on what is asked. */
export type Answer = FixedAnswer | ((request: ScriptedRequest) => FixedAnswer);

export const succeed = (body: Record<string, unknown> = {}): FixedAnswer => ({ status: 200, body });

/** An error as DynamoDB words it. */
export const fail = (type: string, details: Record<string, unknown> = {}, status = 400): FixedAnswer => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: `scripted ${type}`, ...details },
});

/** A transaction that was cancelled, with the reason of each of its items. */
export const cancel = (...reasons: readonly (string | Record<string, unknown>)[]): FixedAnswer =>
  fail('TransactionCanceledException', {
    CancellationReasons: reasons.map((reason) => (typeof reason === 'string' ? { Code: reason } : reason)),
  });

export interface ScriptedDatabase {
  readonly store: DynamoDbStore;
  /** What was asked, in order. */
  readonly requests: readonly ScriptedRequest[];
  /** How long the store waited between its own attempts. */
  readonly waits: readonly number[];
  stop(): Promise<void>;
}

/** Two cores serve all tests at once; what is slow must not look lost. */
const PATIENT_MS = 20_000;
const IMPATIENT_MS = 1_000;

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}

function respond(response: ServerResponse, answer: FixedAnswer): void {
  if (answer === 'ignore') return;
  if (answer === 'lose') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(answer.body));
}

async function startScript(answers: readonly Answer[], timeoutMs: number): Promise<ScriptedDatabase> {
  const requests: ScriptedRequest[] = [];
  const waits: number[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
    const scripted = { operation, body: await readBody(request) };
    requests.push(scripted);
    const answer = answers[requests.length - 1] ?? answers.at(-1) ?? 'lose';
    respond(response, typeof answer === 'function' ? answer(scripted) : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Waiting takes no time here, but the clock tells that it did.
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      nowMs += milliseconds;
    },
  };
  const store = createStore({
    tableName: 'scripted',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    clock,
    timeoutMs,
  });
  return {
    store,
    requests,
    waits,
    async stop() {
      store.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Gives the answers in order, the last of them for ever; until the test ends. */
export async function script(...answers: readonly Answer[]): Promise<ScriptedDatabase> {
  return startFor(answers, PATIENT_MS);
}

/** The same for a store that waits a second for an answer. */
export async function scriptImpatient(...answers: readonly Answer[]): Promise<ScriptedDatabase> {
  return startFor(answers, IMPATIENT_MS);
}

async function startFor(answers: readonly Answer[], timeoutMs: number): Promise<ScriptedDatabase> {
  const database = await startScript(answers, timeoutMs);
  onTestFinished(() => database.stop());
  return database;
}

/** The SDK's waits are random up to seconds: none is long after this. Restores them after each test. */
export function skipWaitsOfSdk(): () => void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
}
