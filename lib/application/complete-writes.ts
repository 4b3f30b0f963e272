/**
 * What a committed transaction asks of other regions is tried at once: grants are accepted, and quotas hear that
 * their location is recalled, or no longer so. What cannot be done now, the streams of those regions will do.
 */
import type { Grant } from '../domain/grant.ts';
import type { GuardedWrite } from '../domain/guarded-write.ts';
import { acceptGrant } from './accept-grants.ts';
import { actingIn, otherRegions } from './acting-in.ts';
import { type Dependencies, StoreUnavailableError } from './ports.ts';
import { announcedRecall, followRecall } from './recall-quotas.ts';

/** A grant is passed home, pays a shortage there, and ends a recall: no chain is longer. */
const CHAIN_MAX = 4;

/** Does something; resolves with the writes that it committed. */
type Task = () => Promise<readonly GuardedWrite[] | undefined>;

function tasksOf(deps: Dependencies, write: GuardedWrite): Task[] {
  if (write.entity === 'grant' && write.effect.does === 'put') {
    const grant: Grant = write.effect.record;
    return [() => acceptGrant(actingIn(deps, grant.to), grant)];
  }
  const recall = write.entity === 'stock' ? announcedRecall(write) : undefined;
  if (recall === undefined) return [];
  return otherRegions({ ...deps, region: recall.region }).map(
    (region) => () => followRecall(actingIn(deps, region), recall),
  );
}

/** Tries something that the stream or the sweep would do as well, later. */
export async function tryNow<Answer>(run: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}

/** Does what committed writes ask of other regions, and what that asks in turn, as far as it can be done now. */
export async function completeWrites(deps: Dependencies, writes: readonly GuardedWrite[]): Promise<void> {
  if (deps.regions.length === 1) return;
  let tasks = writes.flatMap((write) => tasksOf(deps, write));
  for (let link = 0; link < CHAIN_MAX && tasks.length > 0; link += 1) {
    const done = await Promise.all(tasks.map((task) => tryNow(task)));
    tasks = done.flatMap((committed) => (committed ?? []).flatMap((write) => tasksOf(deps, write)));
  }
}
