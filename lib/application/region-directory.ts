import type { RegionState } from '../domain/region.ts';
import type { Clock, RecordRef, RegionDirectory, Store } from './ports.ts';

/** A drain that began may be overlooked for so long: what is held meanwhile is passed on as well. */
const REMEMBERED_MS = 5000;

interface Where {
  readonly store: Store;
  readonly clock: Clock;
  readonly region: string;
  readonly regions: readonly string[];
}

/** A region that has not said anything yet. */
const silent = (region: string): RegionState => ({ region, status: 'active', beatAtMs: 0, version: 0 });

/** Remembers for some seconds what the own replica tells of the regions, with one read in flight. */
export function createRegionDirectory({ store, clock, region, regions }: Where): RegionDirectory {
  let remembered: { readonly readAtMs: number; readonly states: Promise<readonly RegionState[]> } | undefined;
  const read = async (): Promise<readonly RegionState[]> => {
    const states = regions.map((name): RecordRef => ({ entity: 'regionState', key: { region: name } }));
    const retirements = regions.map(
      (name): RecordRef => ({ entity: 'retirement', key: { region: name, by: region } }),
    );
    const found = await store.getMany([...states, ...retirements], 'strong');
    return regions.flatMap((name, index) => {
      const isRetired = found[regions.length + index] !== undefined;
      return isRetired ? [] : [(found[index] as RegionState | undefined) ?? silent(name)];
    });
  };
  return {
    all() {
      if (remembered !== undefined && clock.now() - remembered.readAtMs < REMEMBERED_MS) {
        return remembered.states;
      }
      const states = read();
      remembered = { readAtMs: clock.now(), states };
      // A failed read is not remembered: the next caller tries again.
      states.catch(() => {
        remembered = undefined;
      });
      return states;
    },
  };
}
