// The thread of one function environment: loads the bundle as Lambda's runtime does, serves one invocation at
// a time and stands still between them.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { captureOutput } from './captured-output.ts';
import type { EnvironmentData, EnvironmentMessage, FunctionError, InvocationMessage } from './protocol.ts';
import { installShiftedDate } from './shifted-date.ts';

type Handler = (event: unknown, context: object) => unknown;

const data = workerData as EnvironmentData;
const invocations = new Int32Array(data.invocations);
let served = 0;

function send(message: EnvironmentMessage): void {
  parentPort?.postMessage(message);
}

function describe(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: '' };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack ?? '' };
}

/** Lambda freezes an environment between invocations: timers and sockets stand still with the thread. */
function freeze(): void {
  Atomics.wait(invocations, 0, served);
}

function contextFor({ requestId, timeoutMs }: InvocationMessage): object {
  // Not from the date, which may be moved while the function runs.
  const deadlineMs = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    memoryLimitInMB: String(data.memoryMiB),
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadlineMs - performance.now())),
  };
}

function sendResult(value: unknown): void {
  try {
    send({ kind: 'result', value });
  } catch {
    // What cannot be cloned (functions, proxies) Lambda would have passed through JSON too.
    send({ kind: 'result', value: JSON.parse(JSON.stringify(value) ?? 'null') });
  }
}

async function serve(handler: Handler, message: InvocationMessage): Promise<void> {
  try {
    sendResult(await handler(message.event, contextFor(message)));
  } catch (thrown) {
    send({ kind: 'failed', error: describe(thrown) });
  }
  served += 1;
  freeze();
}

async function load(): Promise<Handler> {
  const module = (await import(pathToFileURL(data.modulePath).href)) as Record<string, unknown>;
  const handler = module[data.exportName];
  if (typeof handler !== 'function') throw new Error(`${data.modulePath} exports no ${data.exportName}.`);
  return handler as Handler;
}

async function start(): Promise<void> {
  // It speeds up the start of threads; Lambda does not set it, so the bundle must not see it.
  delete process.env['NODE_COMPILE_CACHE'];
  captureOutput((line) => send({ kind: 'output', line }), data.allOutput);
  installShiftedDate(data.clock);
  try {
    const handler = await load();
    parentPort?.on('message', (message: InvocationMessage) => void serve(handler, message));
    send({ kind: 'ready' });
    freeze();
  } catch (thrown) {
    send({ kind: 'notLoaded', error: describe(thrown) });
  }
}

void start();
