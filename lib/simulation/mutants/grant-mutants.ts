/** Mistakes with units on their way between two regions. */
import { acceptGrant } from '../../application/accept-grants.ts';
import { actingIn } from '../../application/acting-in.ts';
import type { Store } from '../../application/ports.ts';
import type { Grant } from '../../domain/grant.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import type { Mutant } from '../cluster/mutant.ts';
import { addedTo, rewriting, rewritingEach, withMethods, withoutConditions } from './decorate.ts';

export const GRANT_MUTANTS: readonly Mutant[] = [
  {
    name: 'acceptance-not-stored',
    mistake: 'Units of a grant are added without storing that they were.',
    store: (store) =>
      rewriting(store, (writes) => {
        const isArrival = writes[0]?.entity === 'acceptance' && writes.length > 1;
        return isArrival ? writes.slice(1) : writes;
      }),
  },
  {
    name: 'acceptance-overwrites',
    mistake:
      'An acceptance is stored whether or not it is there, so a grant that comes twice adds units twice.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'acceptance' ? withoutConditions(write, ({ is }) => is === 'absent') : write,
      ),
  },
  {
    name: 'acceptance-cleaned-too-early',
    mistake: 'An acceptance is deleted with the grant, while copies of the grant may still arrive.',
    beside: ({ world, stores }) => {
      for (const store of stores) {
        store.onChange((changes) => {
          for (const { entity, after, origin } of changes) {
            if (entity !== 'acceptance' || origin !== 'local' || after === undefined) continue;
            const { tenantId, grantId } = after as { tenantId: string; grantId: string };
            world.time.after(FORGOTTEN_AFTER_MS, () =>
              store.commit([
                {
                  entity: 'acceptance',
                  key: { tenantId, grantId },
                  conditions: [],
                  effect: { does: 'delete' },
                },
              ]),
            );
          }
        });
      }
    },
  },
  {
    name: 'grant-without-debit',
    mistake: 'A grant is put without taking its units from the quota of the giver.',
    store: (store) =>
      rewriting(store, (writes) =>
        writes.some(({ entity }) => entity === 'grant') ? writes.filter((write) => !isDebit(write)) : writes,
      ),
  },
  {
    name: 'grant-in-another-call',
    mistake: 'The units are taken first, and the grant is put in a call of its own.',
    store: (store) =>
      withMethods(store, {
        commit: async (writes) => {
          const grants = writes.filter(({ entity, effect }) => entity === 'grant' && effect.does === 'put');
          const rest = writes.filter((write) => !grants.includes(write));
          if (grants.length === 0 || rest.length === 0) return store.commit(writes);
          const commit = await store.commit(rest);
          return commit.outcome === 'committed' ? store.commit(grants) : commit;
        },
      }),
  },
  {
    name: 'grant-more-than-there-is',
    mistake: 'A grant takes its units without looking whether they are there.',
    store: (store) =>
      rewritingEach(store, (write) =>
        write.entity === 'grant' && write.effect.does === 'put'
          ? withoutConditions(write, ({ is }) => is === 'absent')
          : isDebit(write)
            ? withoutConditions(write, ({ is }) => is === 'atLeast')
            : write,
      ),
  },
  {
    name: 'grant-deleted-unaccepted',
    mistake: 'A giver deletes its grants after a while, whether they were accepted or not.',
    beside: ({ world, stores }) => {
      for (const store of stores) {
        store.onChange((changes) => {
          for (const { entity, after, origin } of changes) {
            if (entity !== 'grant' || origin !== 'local' || after === undefined) continue;
            const { tenantId, sku, grantId } = after as { tenantId: string; sku: string; grantId: string };
            world.time.after(FORGOTTEN_AFTER_MS, () =>
              store.commit([
                {
                  entity: 'grant',
                  key: { tenantId, sku, grantId },
                  conditions: [],
                  effect: { does: 'delete' },
                },
              ]),
            );
          }
        });
      }
    },
  },
  {
    name: 'pull-credits-first',
    mistake: 'Units that are pulled are added by the taker first, and then taken from the giver.',
    dependencies: (deps) => {
      const creditingFirst = (store: Store): Store =>
        withMethods(store, {
          commit: async (writes) => {
            for (const { entity, effect } of writes) {
              if (entity !== 'grant' || effect.does !== 'put') continue;
              const grant = effect.record as Grant;
              await acceptGrant(actingIn(deps, grant.to), grant);
            }
            return store.commit(writes);
          },
        });
      const { store, replicas } = deps;
      return {
        ...deps,
        store: creditingFirst(store),
        replicas: { in: (region) => creditingFirst(replicas.in(region)) },
      };
    },
  },
  {
    name: 'drain-gives-nothing',
    mistake: 'A region that is taken out of service keeps what it has to sell.',
    store: (store) =>
      withMethods(store, {
        commit: (writes) =>
          writes.some(isDrain) ? Promise.resolve({ outcome: 'contended' }) : store.commit(writes),
      }),
  },
  {
    name: 'grants-never-completed',
    mistake:
      'Nobody looks at a grant again, neither its taker nor its giver: what was not accepted at once is lost.',
    store: (store) =>
      withMethods(store, { dueWork: async (nowMs) => ({ ...(await store.dueWork(nowMs)), grants: [] }) }),
    deliver: (batch) => batch.filter(({ entity }) => entity !== 'grant'),
  },
];

/** Soon enough to meet a grant that is still on its way. */
const FORGOTTEN_AFTER_MS = 60_000;

const isDrain = ({ entity, effect }: GuardedWrite): boolean =>
  entity === 'grant' && effect.does === 'put' && (effect.record as Grant).reason === 'drain';

const isDebit = (write: Parameters<typeof addedTo>[0]): boolean =>
  write.entity === 'quota' && addedTo(write, 'available') < 0 && addedTo(write, 'promised') === 0;
