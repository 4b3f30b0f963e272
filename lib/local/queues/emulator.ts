import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BuildAppOptions } from 'fauxqs';

type Stores = NonNullable<BuildAppOptions['stores']>;

/** The queues of an emulator, as it holds them itself. */
export type QueueStore = Stores['sqsStore'];

/** A queue of an emulator. */
export type EmulatedQueue = ReturnType<QueueStore['createQueue']>;

/** What a queue holds, in whatever state. */
export type QueueContents = ReturnType<EmulatedQueue['inspectMessages']>;

/**
 * SQS for one region, without a listener of its own. It runs by the machine's clock, which `POST /clock` does not
 * move, and it never ends a message because its retention is over.
 */
export interface Emulator {
  readonly store: QueueStore;
  readonly handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  readonly close: () => Promise<void>;
}

interface StoreModule {
  readonly SqsStore: new () => QueueStore;
}

/**
 * Makes an emulator with fauxqs. Its own `startFauxqs` would listen on every interface, and what it keeps in a
 * directory goes by names of queues, which are the same in each region: hence a store for each region, which
 * the package does not export and which is found by path.
 */
export async function startEmulator(): Promise<Emulator> {
  // Loaded here, so that a stack without queues does not pay for it.
  const { buildApp } = await import('fauxqs');
  const storeModule = new URL('sqs/sqsStore.js', import.meta.resolve('fauxqs')).href;
  const { SqsStore } = (await import(storeModule)) as StoreModule;
  const store = new SqsStore();
  // The stores of the other services it makes itself.
  const app = buildApp({ logger: false, stores: { sqsStore: store } as Stores });
  await app.ready();
  return {
    store,
    handle: (incoming, outgoing) => app.routing(incoming, outgoing),
    close: async () => {
      await app.close();
    },
  };
}
