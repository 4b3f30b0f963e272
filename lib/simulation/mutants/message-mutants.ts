/** Mistakes with what leaves a region behind a commit. */
import type { OrderMessage, Outlet, Outlets } from '../../application/ports.ts';
import type { DomainEvent } from '../../domain/event.ts';
import type { Mutant } from '../cluster/mutant.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import { rewriting, withMethods } from './decorate.ts';

type Deps = SimulatedDependencies;

const NONE: ReadonlySet<string> = new Set();

/** Outlets that say that everything was taken. */
function believed(outlets: Outlets): Outlets {
  const believe = <Sent extends OrderMessage | DomainEvent>(outlet: {
    send(m: readonly Sent[]): Promise<unknown>;
  }) => ({
    send: async (messages: readonly Sent[]) => {
      await outlet.send(messages);
      return NONE;
    },
  });
  return { ...outlets, events: believe(outlets.events), orders: believe(outlets.orders) };
}

/** Events are changed before they are handed over. */
const changingEvents = (deps: Deps, change: (event: DomainEvent) => DomainEvent): Deps => {
  const events: Outlet<DomainEvent> = {
    send: async (sent) => {
      const changed = new Map(sent.map((event) => [change(event), event.id]));
      const left = await deps.outlets.events.send([...changed.keys()]);
      return new Set([...changed].flatMap(([{ id }, before]) => (left.has(id) ? [before] : [])));
    },
  };
  return { ...deps, outlets: { ...deps.outlets, events } };
};

export const MESSAGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'unsent-not-kept',
    mistake: 'What nobody took is not kept, and so never sent again.',
    store: (store) => rewriting(store, (writes) => writes.filter(({ entity }) => entity !== 'unsent')),
  },
  {
    name: 'unsent-forgotten',
    mistake: 'The sweep does not look for messages that nobody took.',
    store: (store) =>
      withMethods(store, { dueWork: async (nowMs) => ({ ...(await store.dueWork(nowMs)), unsent: [] }) }),
  },
  {
    name: 'outlet-believed',
    mistake: 'Messages count as taken, whatever the bus or the queue answers.',
    dependencies: (deps) => ({ ...deps, outlets: believed(deps.outlets) }),
  },
  {
    name: 'event-id-at-random',
    mistake: 'An event that is sent again has another id.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, id: `evt.${deps.random.hex(32)}` })),
  },
  {
    name: 'event-time-of-sending',
    mistake: 'An event says when it was sent, not when it happened.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, occurredAtMs: deps.clock.now() })),
  },
  {
    name: 'sequence-not-rising',
    mistake: 'Every event of a subject has the same sequence.',
    dependencies: (deps) => changingEvents(deps, (event) => ({ ...event, sequence: 1 })),
  },
  {
    name: 'batch-said-done',
    mistake: 'The consumer of a stream says that all is done, though some changes could not be completed.',
    failedRecords: () => [],
  },
  {
    name: 'goes-on-behind-a-failure',
    mistake: 'The consumer of a stream goes on behind the first change that could not be completed.',
    failedRecords: (failed) => failed.slice(1),
  },
];
