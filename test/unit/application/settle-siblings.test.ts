import { describe, expect, it } from 'vitest';
import { settleSiblings } from '../../../lib/application/settle-siblings.ts';
import { MemoryStore } from '../../../lib/simulation/memory-store.ts';
import { put } from '../../support/guarded-writes.ts';
import { confirmation, reservationRecord } from '../../support/stored-records.ts';
import { createWorld, REGION } from '../../support/world.ts';

const ELSEWHERE = 'eu-west-1';
const CONFIRMED = { status: 'confirmed' as const, version: 2, history: [confirmation()] };

describe('two reservations under one key', () => {
  it('are reported by a region whose list of siblings is older than the change it is shown', async () => {
    const own = reservationRecord({ region: REGION, ...CONFIRMED });
    const held = reservationRecord({ region: ELSEWHERE });
    const other = reservationRecord({ region: ELSEWHERE, ...CONFIRMED });
    const store = new MemoryStore(REGION);
    await store.commit([put(['reservation', own]), put(['reservation', other])]);
    // An eventual read shows both as they were before either was confirmed.
    store.siblings = async () => [reservationRecord({ region: REGION }), held];
    const deps = { ...createWorld(), store, regions: [REGION, ELSEWHERE] };
    const notices = await settleSiblings(deps, { before: held, after: other });
    expect(notices).toEqual([{ notice: 'duplicate_order', reservations: [own, other] }]);
  });

  it('are nothing to report while only one of them is confirmed', async () => {
    const own = reservationRecord({ region: REGION, ...CONFIRMED });
    const held = reservationRecord({ region: ELSEWHERE });
    const store = new MemoryStore(REGION);
    await store.commit([put(['reservation', own]), put(['reservation', held])]);
    const deps = { ...createWorld(), store, regions: [REGION, ELSEWHERE] };
    const before = reservationRecord({ region: REGION });
    expect(await settleSiblings(deps, { before, after: own })).toEqual([]);
  });
});
