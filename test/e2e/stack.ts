/** The whole service on this machine, for the tests that talk to it over HTTP. */
import { countDue } from '../../lib/local/due-count.ts';
import type { EmbeddedStack, EmbeddedStackOptions } from '../../lib/local/embedded-stack.ts';
import { seedOnce } from '../../lib/local/seed-once.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape; the tests say what they expect.
  readonly body: any;
}

export interface CallOptions {
  readonly key?: string | undefined;
  readonly idempotencyKey?: string;
  readonly headers?: Record<string, string>;
  /** Sent as it is; `body` is sent as JSON. */
  readonly rawBody?: string | Uint8Array;
}

/** A caller with a key of its own. */
export class Caller {
  readonly #api: string;
  readonly #key: string | undefined;
  #keys = 0;

  constructor(api: string, key: string | undefined) {
    this.#api = api;
    this.#key = key;
  }

  /** A key that no other request of this test run uses. */
  nextKey(): string {
    this.#keys += 1;
    return `e2e-${process.pid}-${this.#keys}-${performance.now()}`;
  }

  async call(methodAndPath: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
    const [method = 'GET', path = ''] = methodAndPath.split(' ');
    const key = 'key' in options ? options.key : this.#key;
    const content = options.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.#api}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(content === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Idempotency-Key': options.idempotencyKey ?? this.nextKey() } : {}),
        ...options.headers,
      },
      ...(content === undefined ? {} : { body: content as NonNullable<RequestInit['body']> }),
    });
    const text = await response.text();
    // API Gateway calls an empty answer JSON.
    const isJson = text !== '' && (response.headers.get('content-type')?.includes('json') ?? false);
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Calls and expects a status. */
  async expect(
    status: number,
    methodAndPath: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Answer> {
    const answer = await this.call(methodAndPath, body, options);
    if (answer.status !== status) {
      throw new Error(`${methodAndPath}: ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }
}

export interface TestStack {
  readonly stack: EmbeddedStack;
  /** In the first region. */
  readonly demo: Caller;
  readonly demoIn: (region: string) => Caller;
  readonly demoRead: Caller;
  readonly rival: Caller;
  readonly operator: Caller;
  readonly nobody: Caller;
  /** Talks to the control server. */
  readonly control: Caller;
}

const ONE_REGION = ['us-east-1'];

/** What a test that makes calls fail on purpose need not read again. */
const isExpected = (line: string): boolean =>
  /STORE_UNAVAILABLE|KEY_NOT_LOOKED_UP|authorizer\S* in \S+ failed: StoreUnavailableError/.test(line);

/** Starts a stack on free ports, of one region unless more are named. Stop it with `stack.stop()`. */
export async function startTestStack(
  regions: readonly string[] = ONE_REGION,
  options: Pick<EmbeddedStackOptions, 'synthesis' | 'onOutput'> = {},
): Promise<TestStack> {
  const stack = await startEmbeddedStack({
    regions,
    port: 0,
    controlPort: 0,
    seed: seedOnce,
    seedKind: 'none',
    countDue,
    onOutput: (line) => {
      if (!isExpected(line)) process.stderr.write(`${line}\n`);
    },
    ...options,
  });
  const api = stack.regions[0]?.api ?? '';
  return {
    stack,
    demo: new Caller(api, stack.keys?.demo),
    demoIn: (region) =>
      new Caller(stack.regions.find((each) => each.region === region)?.api ?? '', stack.keys?.demo),
    demoRead: new Caller(api, stack.keys?.demoRead),
    rival: new Caller(api, stack.keys?.rival),
    operator: new Caller(api, stack.keys?.operator),
    nobody: new Caller(api, undefined),
    control: new Caller(stack.control, undefined),
  };
}

/** Creates a location and products with stock there. */
export async function stockUp(
  caller: Caller,
  locationId: string,
  stock: Record<string, number>,
): Promise<void> {
  const location = { name: locationId, region: 'us-east-1' };
  await caller.call(`PUT /locations/${locationId}`, location);
  for (const [sku, quantity] of Object.entries(stock)) {
    await caller.call(`PUT /products/${sku}`, { name: sku });
    if (quantity === 0) continue;
    await caller.expect(201, 'POST /movements', { type: 'receipt', sku, locationId, quantity });
  }
}
