import type { Commit, Store } from '../../application/ports.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';

/** A store with some of its methods replaced. */
export function withMethods(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const replaced: unknown = Reflect.get(methods, name);
      if (replaced !== undefined) return replaced;
      const method: unknown = Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

/** A store whose commits are rewritten before they are sent. What is rewritten to nothing is not sent. */
export function rewriting(
  store: Store,
  rewrite: (writes: readonly GuardedWrite[]) => readonly GuardedWrite[],
): Store {
  const nothing: Commit = { outcome: 'committed', after: undefined };
  return withMethods(store, {
    commit: (writes) => {
      const rewritten = rewrite(writes);
      return rewritten.length === 0 ? Promise.resolve(nothing) : store.commit(rewritten);
    },
  });
}

/** Rewrites each write by itself. */
export const rewritingEach = (
  store: Store,
  rewrite: (write: GuardedWrite) => GuardedWrite | undefined,
): Store => rewriting(store, (writes) => writes.flatMap((write) => rewrite(write) ?? []));

/** A write without those of its conditions that something is true of. */
export function withoutConditions(
  write: GuardedWrite,
  drop: (condition: GuardedWrite['conditions'][number]) => boolean,
): GuardedWrite {
  return { ...write, conditions: write.conditions.filter((condition) => !drop(condition)) } as GuardedWrite;
}

/** By how much an update changes a counter. */
export function addedTo(write: GuardedWrite, field: string): number {
  if (write.effect.does !== 'update') return 0;
  const change = write.effect.changes.find((each) => each.change === 'add' && each.field === field);
  return change?.change === 'add' ? change.by : 0;
}

/** An update that changes a counter by something else. */
export function adding(write: GuardedWrite, field: string, by: number): GuardedWrite {
  if (write.effect.does !== 'update') return write;
  const changes = write.effect.changes.map((change) =>
    change.change === 'add' && change.field === field ? { ...change, by } : change,
  );
  return { ...write, effect: { does: 'update', changes } } as GuardedWrite;
}
