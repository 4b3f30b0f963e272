import type { WorkerOptions } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';
import type { StackClock } from '../clock.ts';
import type { FunctionDefinition } from '../template/functions.ts';
import { lambdaEnvironment } from './lambda-environment.ts';
import type { EnvironmentData, EnvironmentMessage, FunctionError, InvocationMessage } from './protocol.ts';

/** Lambda gives the code outside the handler this long. */
const INIT_TIMEOUT_MS = 10_000;

/**
 * A bundle with the SDK takes some 20 MB. A function with more memory than this in AWS gets less here, so that
 * a whole stack fits a small machine: with these bounds an environment grows to 40 MB under load, with V8's own
 * to 60 MB, and a request takes a tenth more of processor time.
 */
const MAX_HEAP_MIB = 64;
const MAX_YOUNG_HEAP_MIB = 6;

const THREAD_MAIN = new URL('./worker-main.ts', import.meta.url);

/** How an invocation ended. */
export type Outcome =
  | { readonly kind: 'result'; readonly value: unknown }
  /** The function threw, or its environment could not load it. */
  | { readonly kind: 'failed'; readonly error: FunctionError }
  | { readonly kind: 'timedOut' }
  /** The environment ended under the invocation. */
  | { readonly kind: 'crashed' }
  /** Too many invocations were waiting, or this one waited too long: the function never saw it. */
  | { readonly kind: 'throttled' };

export interface EnvironmentOptions {
  readonly id: string;
  readonly definition: FunctionDefinition;
  /** File of the bundle, from `findModule`. */
  readonly modulePath: string;
  readonly clock: StackClock;
  readonly dynamoDbEndpoint: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly allOutput: boolean;
  readonly onOutput: (line: string) => void;
  /** Folder where compiled code is kept between starts. */
  readonly compileCache: string;
}

function threadData(options: EnvironmentOptions, invocations: SharedArrayBuffer): EnvironmentData {
  const { definition, modulePath, clock, allOutput } = options;
  return {
    modulePath,
    exportName: definition.handler.slice(definition.handler.lastIndexOf('.') + 1),
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMiB: definition.memoryMiB,
    clock: clock.shared,
    invocations,
    allOutput,
  };
}

function threadOptions(options: EnvironmentOptions, data: EnvironmentData): WorkerOptions {
  const { id, definition, dynamoDbEndpoint, endpoints, compileCache } = options;
  return {
    // Flags of this process (a test runner's, say) are none of the function's business.
    execArgv: [],
    argv: [],
    env: {
      ...lambdaEnvironment(definition, { environmentId: id, dynamoDbEndpoint, endpoints }),
      NODE_COMPILE_CACHE: compileCache,
    },
    workerData: data,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.min(definition.memoryMiB, MAX_HEAP_MIB),
      maxYoungGenerationSizeMb: MAX_YOUNG_HEAP_MIB,
    },
  };
}

/** One function environment: a thread that has loaded the bundle and serves one invocation at a time. */
export class Environment {
  readonly id: string;
  readonly definition: FunctionDefinition;
  /** Resolves when the function is loaded, rejects never: a failure is an outcome of what waits for it. */
  readonly loaded: Promise<Outcome | undefined>;
  served = 0;
  idleSinceMs = performance.now();
  readonly #worker: Worker;
  readonly #invocations = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #sent = new Int32Array(this.#invocations);
  readonly #onOutput: (line: string) => void;
  #pending: ((outcome: Outcome) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(options: EnvironmentOptions) {
    this.id = options.id;
    this.definition = options.definition;
    this.#onOutput = options.onOutput;
    this.#worker = new Worker(THREAD_MAIN, threadOptions(options, threadData(options, this.#invocations)));
    this.#worker.on('message', (message: EnvironmentMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#onOutput(`${this.definition.name} crashed: ${error.stack}`));
    this.#worker.on('exit', () => this.#settle({ kind: 'crashed' }, true));
    this.loaded = this.#expect(INIT_TIMEOUT_MS).then((outcome) =>
      outcome.kind === 'result' ? undefined : outcome,
    );
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Serves one invocation. The caller sends the next one only when this has its outcome. */
  invoke(event: unknown, requestId: string): Promise<Outcome> {
    const timeoutMs = this.definition.timeoutSeconds * 1_000;
    const outcome = this.#expect(timeoutMs);
    this.#worker.postMessage({ event, requestId, timeoutMs } satisfies InvocationMessage);
    Atomics.add(this.#sent, 0, 1);
    Atomics.notify(this.#sent, 0);
    return outcome;
  }

  /** Ends the thread wherever it is; an invocation in flight ends as crashed. */
  async kill(): Promise<void> {
    this.#settle({ kind: 'crashed' }, true);
    await this.#worker.terminate();
  }

  #expect(timeoutMs: number): Promise<Outcome> {
    if (this.#ended) return Promise.resolve({ kind: 'crashed' });
    return new Promise((resolve) => {
      this.#pending = resolve;
      this.#timer = setTimeout(() => {
        this.#settle({ kind: 'timedOut' }, true);
        void this.#worker.terminate();
      }, timeoutMs);
    });
  }

  #settle(outcome: Outcome, ends = false): void {
    if (ends) this.#ended = true;
    clearTimeout(this.#timer);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.(outcome);
  }

  #receive(message: EnvironmentMessage): void {
    switch (message.kind) {
      case 'output':
        this.#onOutput(message.line);
        break;
      case 'ready':
        this.#settle({ kind: 'result', value: undefined });
        break;
      case 'result':
        this.#settle({ kind: 'result', value: message.value });
        break;
      case 'failed':
        this.#settle({ kind: 'failed', error: message.error });
        break;
      case 'notLoaded':
        this.#settle({ kind: 'failed', error: message.error }, true);
        void this.#worker.terminate();
    }
  }
}
