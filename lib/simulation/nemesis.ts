import { type FaultDice, NO_CALL_FAULTS } from './call-faults.ts';
import { drawEpisodeMs, type EpisodeMeans, type NemesisPlan } from './nemesis-plan.ts';
import { linksBetween } from './network.ts';
import type { Process } from './process.ts';
import type { SeededRandom } from './random.ts';
import type { Replication } from './replication.ts';
import type { Link, ReplicationRates } from './replication-link.ts';
import type { Outages } from './spine/outages.ts';
import { NO_SPINE_FAULTS, type SpineRates } from './spine/spine-rates.ts';
import type { StreamRates } from './stream-records.ts';
import type { SimulatedWorld } from './world.ts';

/** What can be harmed. */
export interface Targets {
  readonly replication: Replication;
  readonly dice: FaultDice;
  /** The rates that the replication was made with. */
  readonly replicationRates: ReplicationRates;
  /** The rates that the streams were made with. */
  readonly streamRates: StreamRates;
  /** The rates that queues and outlets were made with. */
  readonly spineRates: SpineRates;
  readonly outages: Outages;
  /** The processes that run now. */
  readonly processes: () => Iterable<Process>;
}

type Episode = keyof EpisodeMeans;

/** How many times slower slow replication is. */
const SLOWNESS = [5, 100] as const;
/** Every other partition is of one direction only: those are the ones nobody thinks of. */
const ONE_WAY = 0.5;

/** Does everything that goes wrong in a run, as its plan says, and counts it. */
export class Nemesis {
  readonly #world: SimulatedWorld;
  readonly #plan: NemesisPlan;
  readonly #targets: Targets;
  readonly #random: SeededRandom;
  #isActive = false;

  constructor(world: SimulatedWorld, plan: NemesisPlan, targets: Targets) {
    this.#world = world;
    this.#plan = plan;
    this.#targets = targets;
    this.#random = world.random.fork('nemesis');
  }

  start(): void {
    const { dice, replicationRates, streamRates, spineRates, replication } = this.#targets;
    this.#isActive = true;
    dice.rates = this.#plan.calls;
    Object.assign(replicationRates, this.#plan.replication);
    Object.assign(streamRates, this.#plan.streams);
    Object.assign(spineRates, this.#plan.spine);
    for (const region of this.#world.network.regions) replication.setSkew(region, this.drawSkewMs());
    this.#repeat('partition', () => this.#partition());
    this.#repeat('replicationPause', () => this.#pauseReplication());
    this.#repeat('slowReplication', () => this.#slowReplication());
    this.#repeat('regionLoss', () => this.#loseRegion());
    this.#repeat('crash', () => this.#crash());
    this.#repeat('clockJump', () => this.#jumpClock());
    this.#repeat('outage', () => this.#breakOutlets());
  }

  /** Repairs everything, and harms nothing from now on. */
  stop(): void {
    const { dice, replicationRates, streamRates, spineRates, outages, replication } = this.#targets;
    this.#isActive = false;
    dice.rates = NO_CALL_FAULTS;
    replicationRates.late = 0;
    Object.assign(streamRates, { again: 0, rewind: 0, late: 0 });
    Object.assign(spineRates, NO_SPINE_FAULTS);
    outages.endAll();
    this.#note('everything is repaired');
    this.#world.network.mendAll();
    replication.resumeAll();
  }

  /** How far ahead the clock of a new process is. */
  drawSkewMs(): number {
    const { skewMaxMs } = this.#plan;
    return this.#random.between(-skewMaxMs, skewMaxMs);
  }

  /** Does something again and again, at times drawn around a mean. */
  #repeat(episode: Episode, act: () => void): void {
    const meanMs = this.#plan.meansMs[episode];
    if (meanMs === 0) return;
    const next = () =>
      this.#world.time.after(this.#random.exponential(meanMs), () => {
        if (!this.#isActive) return;
        act();
        next();
      });
    next();
  }

  /** Ends an episode some time later; after the repair there is nothing left to end. */
  #later(end: () => void): void {
    this.#world.time.after(drawEpisodeMs(this.#random), () => {
      if (this.#isActive) end();
    });
  }

  #drawLink(): Link {
    const [from, to] = this.#random.pick(linksBetween(this.#world.network.regions));
    return { from, to };
  }

  #partition(): void {
    const { network, counts } = this.#world;
    const { from, to } = this.#drawLink();
    const isOneWay = this.#random.chance(ONE_WAY);
    counts.add('partitions');
    if (isOneWay) counts.add('oneWayPartitions');
    this.#note('partition', from, isOneWay ? 'to' : 'and', to);
    network.cut(from, to);
    if (!isOneWay) network.cut(to, from);
    this.#later(() => {
      this.#note('partition ends', from, to);
      network.mend(from, to);
      if (!isOneWay) network.mend(to, from);
    });
  }

  #pauseReplication(): void {
    const { from, to } = this.#drawLink();
    this.#world.counts.add('replicationPauses');
    this.#note('replication pauses', from, to);
    this.#targets.replication.pause(from, to);
    this.#later(() => {
      this.#note('replication goes on', from, to);
      this.#targets.replication.resume(from, to);
    });
  }

  #slowReplication(): void {
    const link = this.#drawLink();
    this.#world.counts.add('slowReplications');
    this.#note('replication is slow', link.from, link.to);
    this.#targets.replication.slowDown(link, this.#random.between(...SLOWNESS));
    this.#later(() => this.#targets.replication.slowDown(link, 1));
  }

  #loseRegion(): void {
    const { network, counts } = this.#world;
    const region = this.#random.pick(network.regions);
    counts.add('regionLosses');
    this.#note('region lost', region);
    network.takeDown(region);
    for (const process of [...this.#targets.processes()]) if (process.region === region) process.crash();
    this.#later(() => {
      counts.add('regionReturns');
      this.#note('region returns', region);
      network.bringUp(region);
    });
  }

  #crash(): void {
    const process = this.#drawProcess();
    if (process === undefined) return;
    this.#world.counts.add('crashes');
    this.#note('crash', process.name);
    process.crash();
  }

  #jumpClock(): void {
    const process = this.#drawProcess();
    if (process === undefined) return;
    this.#world.counts.add('clockJumps');
    process.clock.skewMs = this.drawSkewMs();
    this.#note('clock jumps', process.name);
    const region = this.#random.pick(this.#world.network.regions);
    this.#targets.replication.setSkew(region, this.drawSkewMs());
  }

  /** The database works, and nothing that is to leave the region does. */
  #breakOutlets(): void {
    const { outages } = this.#targets;
    const region = this.#random.pick(this.#world.network.regions);
    this.#world.counts.add('outages');
    this.#note('outage', region);
    outages.begin(region);
    this.#later(() => {
      this.#note('outage ends', region);
      outages.end(region);
    });
  }

  #drawProcess(): Process | undefined {
    const alive = [...this.#targets.processes()].filter(({ isAlive }) => isAlive);
    return alive.length === 0 ? undefined : this.#random.pick(alive);
  }

  #note(...words: string[]): void {
    this.#world.trace.note(this.#world.time.now(), ['nemesis', ...words]);
  }
}
