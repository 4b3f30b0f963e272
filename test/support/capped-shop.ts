/** A shop of a tenant with caps, whose open holds are followed as its stream shows them. */
import { reserveWithinCaps } from '../../lib/application/cap-holds.ts';
import { followHolds } from '../../lib/application/follow-holds.ts';
import { followStock } from '../../lib/application/follow-stock.ts';
import { createTenant } from '../../lib/application/manage-keys.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { recordMovement } from '../../lib/application/record-movement.ts';
import type { ReserveCommand } from '../../lib/application/reserve-stock.ts';
import type { HoldCaps } from '../../lib/domain/hold-caps.ts';
import type { OpenHolds } from '../../lib/domain/open-holds.ts';
import { MemoryHoldBook } from '../../lib/simulation/memory-hold-book.ts';
import { createFollowedWorld, type Shown } from './followed-world.ts';
import { CALLER, REGION, TENANT } from './world.ts';

export const SMALL_CAPS: HoldCaps = { openHolds: 6, holdsPerReference: 3, unitsShare: 0.5, unitsFloor: 4 };

export class CappedShop {
  readonly followed = createFollowedWorld();
  readonly book = new MemoryHoldBook();
  readonly caps: HoldCaps;
  #keys = 0;

  constructor(caps: HoldCaps = SMALL_CAPS) {
    this.caps = caps;
  }

  get world() {
    return this.followed.world;
  }

  get deps() {
    const holdCounting = { book: this.book, capsOf: () => this.caps };
    return { ...this.followed.deps, holdBook: this.book, holdCounting };
  }

  nextKey = () => ({ key: `key-${this.#keys++}`, fingerprint: 'same' });

  async open(units: number): Promise<void> {
    const { world } = this;
    const precondition = () => true;
    await createTenant(world, { tenantId: TENANT, name: TENANT, tier: 'free', homeRegion: REGION });
    const location = { locationId: 'north', name: 'north', region: REGION, type: 'warehouse', priority: 1 };
    await putLocation(world, CALLER, { command: location, precondition });
    const product = { sku: 'a', name: 'a', unit: 'each', attributes: {}, safetyStock: 0 };
    await putProduct(world, CALLER, { command: product, precondition });
    const command = { type: 'receipt', sku: 'a', locationId: 'north', quantity: units } as const;
    await recordMovement(world, CALLER, { command, idempotency: this.nextKey() });
    await this.follow();
  }

  /** What the stream has to show; taken out. */
  take(): Shown[] {
    return this.followed.stream.splice(0);
  }

  /** Lets the region hear of all that happened. */
  async follow(shown: readonly Shown[] = this.take()): Promise<void> {
    const changes = shown.map(({ change }) => change);
    const late = [...(await followStock(this.deps, changes)), ...(await followHolds(this.deps, changes))];
    if (late.length > 0) throw new Error('Nothing was in the way');
  }

  hold(command: Partial<ReserveCommand> = {}, idempotency = this.nextKey()) {
    return reserveWithinCaps({ ...this.deps, sourcing: this.world.sourcing }, CALLER, {
      command: {
        lines: [{ sku: 'a', quantity: 1 }],
        ttlSeconds: 60,
        allowPartial: false,
        metadata: {},
        ...command,
      },
      idempotency,
      caps: this.caps,
    });
  }

  /** Holds, and lets the region hear of it. @returns what was refused, or the hold. */
  async holdHeard(command: Partial<ReserveCommand> = {}, idempotency = this.nextKey()) {
    const held = await this.hold(command, idempotency);
    await this.follow();
    return held.ok ? held.value.reservation : held.rejection;
  }

  async list(referenceHash?: string): Promise<OpenHolds | undefined> {
    const key = { tenantId: TENANT, ...(referenceHash === undefined ? {} : { referenceHash }) };
    return (await this.book.read([key]))[0];
  }
}
