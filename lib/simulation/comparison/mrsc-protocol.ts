import { StoreUnavailableError } from '../../application/ports.ts';
import type { SimulatedWorld } from '../world.ts';
import { HOME } from './assumptions.ts';
import { FreeUnits } from './free-units.ts';
import { ItemContendedError, MrscItems } from './mrsc-items.ts';
import type { Held, Protocol } from './protocol.ts';
import { type DemandShape, type Purchase, skusOf } from './scenario.ts';

/**
 * One shared counter for each sku in a table with multi-Region strong consistency. There are no transactions, so a
 * hold is two writes, one after the other: the counter gives the units, then the reservation that names them is
 * put; whoever crashed between is cleaned up by somebody else, at no cost here.
 */
export class MrscProtocol implements Protocol {
  readonly name: string;
  readonly items: MrscItems;
  readonly #free = new FreeUnits([]);
  readonly #shape: DemandShape;

  constructor(
    world: SimulatedWorld,
    { name, shape }: { readonly name: string; readonly shape: DemandShape },
  ) {
    this.name = name;
    this.items = new MrscItems(world);
    this.#shape = shape;
  }

  async open(): Promise<void> {
    for (const sku of skusOf(this.#shape)) await this.restock(sku, this.#shape.firstUnits);
  }

  async hold({ number, region, sku, quantity }: Purchase): Promise<Held> {
    const isTaken = await this.#write(region, counterOf(sku), () => {
      if (this.free(sku) < quantity) return false;
      this.#free.add(sku, -quantity);
      return true;
    });
    if (isTaken === undefined) return { outcome: 'failed', isLocal: false };
    if (!isTaken) return { outcome: 'refused', isLocal: false };
    const isPut = await this.#write(region, reservationOf(number), () => true);
    if (isPut !== undefined) return { outcome: 'held', id: reservationOf(number), isLocal: false };
    this.#free.add(sku, quantity);
    return { outcome: 'failed', isLocal: false };
  }

  async confirm({ region }: Purchase, id: string): Promise<boolean> {
    return (await this.#write(region, id, () => true)) === true;
  }

  async ship({ region, sku }: Purchase, id: string): Promise<void> {
    await this.#write(region, id, () => true);
    await this.#write(region, counterOf(sku), () => true);
  }

  async release({ region, sku, quantity }: Purchase, id: string): Promise<void> {
    await this.#write(region, id, () => true);
    await this.#write(region, counterOf(sku), () => this.#free.add(sku, quantity));
  }

  async restock(sku: string, units: number): Promise<void> {
    await this.#write(HOME, counterOf(sku), () => this.#free.add(sku, units));
  }

  free(sku: string): number {
    return this.#free.of(sku);
  }

  onFree(listener: (sku: string, free: number) => void): void {
    this.#free.onChange(listener);
  }

  close(): void {
    // Nothing goes on for ever.
  }

  /** `undefined` when it could not be written. */
  async #write<Answer>(region: string, id: string, apply: () => Answer): Promise<Answer | undefined> {
    try {
      return await this.items.write(region, id, apply);
    } catch (error) {
      if (error instanceof StoreUnavailableError || error instanceof ItemContendedError) return undefined;
      throw error;
    }
  }
}

const counterOf = (sku: string): string => `counter ${sku}`;
const reservationOf = (number: number): string => `reservation ${number}`;
