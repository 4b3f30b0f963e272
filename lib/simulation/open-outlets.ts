/** Ways out of a simulated region that take everything, at once, and remember it. */
import { unsentMessages } from '../adapters/dynamodb/unsent-messages.ts';
import type { Sent } from '../application/channels.ts';
import type { Message, Outlet, Outlets, ParkedChange, Parking } from '../application/ports.ts';
import type { MessageReader } from '../application/send-unsent.ts';
import type { Channel } from '../domain/unsent.ts';

/** An outlet that takes what it is given, unless it is told to refuse it. */
export class MemoryOutlet<Taken extends Message> implements Outlet<Taken> {
  readonly taken: Taken[] = [];
  /** What it does not take. */
  refuses: (message: Taken) => boolean = () => false;

  async send(messages: readonly Taken[]): Promise<ReadonlySet<string>> {
    const refused = messages.filter((message) => this.refuses(message));
    this.taken.push(...messages.filter((message) => !refused.includes(message)));
    return new Set(refused.map(({ id }) => id));
  }
}

/** Keeps what is parked, unless it is closed. */
export class MemoryParking implements Parking {
  readonly parked: ParkedChange[] = [];
  isOpen = true;

  async park(change: ParkedChange): Promise<boolean> {
    if (this.isOpen) this.parked.push(change);
    return this.isOpen;
  }
}

/** What the stream's consumer and the sweep are given besides what every use case is. */
export interface WaysOut {
  readonly outlets: Outlets & { readonly [Name in Channel]: MemoryOutlet<Sent[Name]> };
  readonly parking: MemoryParking;
  readonly messages: MessageReader;
}

export const openWaysOut = (): WaysOut => ({
  outlets: { events: new MemoryOutlet(), orders: new MemoryOutlet(), log: new MemoryOutlet() },
  parking: new MemoryParking(),
  messages: unsentMessages,
});
