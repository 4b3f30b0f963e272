import type { LogEntry, OrderMessage } from '../../application/ports.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { MemoryReadModel } from '../memory-read-model.ts';
import { MemoryParking } from '../open-outlets.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Outages } from './outages.ts';
import { Reception } from './reception.ts';
import { type QueueConsumer, SimulatedQueue } from './simulated-queue.ts';
import type { SpineRates } from './spine-rates.ts';

export interface SpineOptions {
  readonly region: string;
  readonly rates: Readonly<SpineRates>;
  readonly outages: Outages;
  /** The worker of the order queue. */
  readonly work: QueueConsumer<OrderMessage>;
}

/** What a region has behind its stream. */
export class RegionSpine {
  readonly region: string;
  readonly rates: Readonly<SpineRates>;
  readonly outages: Outages;
  readonly bus: Reception<DomainEvent>;
  readonly log: Reception<LogEntry>;
  readonly orders: SimulatedQueue<OrderMessage>;
  readonly readModel = new MemoryReadModel();
  readonly parking = new MemoryParking();

  constructor(world: SimulatedWorld, { region, rates, outages, work }: SpineOptions) {
    this.region = region;
    this.rates = rates;
    this.outages = outages;
    this.bus = new Reception(world, 'event');
    this.log = new Reception(world, 'log entry');
    this.orders = new SimulatedQueue(world, { region, name: 'orders', consume: work, rates });
  }
}
