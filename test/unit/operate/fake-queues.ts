import {
  type MoveTask,
  type Queue,
  type QueuePort,
  QueueServiceError,
  type ReceivedMessage,
} from '../../../lib/operate/dead-letters/queue-port.ts';
import { ManualClock } from '../../support/world.ts';

interface Kept {
  message: ReceivedMessage;
  hiddenUntilMs: number;
}

const BATCH = 10;

/** Queues of one region in memory, with messages that are hidden for a while once they are received. */
export class FakeQueues implements QueuePort {
  readonly clock = new ManualClock();
  readonly calls: string[] = [];
  /** Moves that the service reports, one for each look; none: it cannot move. */
  moves: MoveTask[] | undefined;
  /** The call, by its number, that fails; later ones do not. */
  failAt: number | undefined;
  closed = false;
  readonly #queues = new Map<string, Kept[]>();
  readonly #region: string;

  constructor(region: string, names: readonly string[]) {
    this.#region = region;
    for (const name of names) this.#queues.set(name, []);
  }

  put(name: string, ...messages: Partial<ReceivedMessage>[]): void {
    for (const given of messages) {
      const id = given.id ?? `m${this.#of(name).length + 1}`;
      const defaults = { body: `body of ${id}`, attributes: {}, sentAtMs: this.clock.now(), receives: 0 };
      this.#of(name).push({ message: { ...defaults, ...given, id, receipt: id }, hiddenUntilMs: 0 });
    }
  }

  /** Bodies of everything in a queue. */
  bodies(name: string): string[] {
    return this.#of(name).map(({ message }) => message.body);
  }

  /** Ids of what anybody may receive now. */
  visible(name: string): string[] {
    return this.#of(name)
      .filter(({ hiddenUntilMs }) => hiddenUntilMs <= this.clock.now())
      .map(({ message }) => message.id);
  }

  async find(name: string): Promise<Queue | undefined> {
    if (!this.#queues.has(name)) return undefined;
    return { name, region: this.#region, url: `url:${name}`, arn: `arn:${name}` };
  }

  async depth({ name }: Queue) {
    const waiting = this.visible(name).length;
    return { waiting, inFlight: this.#of(name).length - waiting };
  }

  async receive({ name }: Queue, hiddenSeconds: number): Promise<readonly ReceivedMessage[]> {
    this.#note(`receive ${name}`);
    const nowMs = this.clock.now();
    const batch = this.#of(name)
      .filter(({ hiddenUntilMs }) => hiddenUntilMs <= nowMs)
      .slice(0, BATCH);
    for (const kept of batch) {
      kept.hiddenUntilMs = nowMs + hiddenSeconds * 1_000;
      kept.message = { ...kept.message, receives: kept.message.receives + 1 };
    }
    return batch.map(({ message }) => message);
  }

  async release({ name }: Queue, messages: readonly ReceivedMessage[]): Promise<void> {
    const ids = new Set(messages.map(({ id }) => id));
    for (const kept of this.#of(name)) if (ids.has(kept.message.id)) kept.hiddenUntilMs = 0;
  }

  async send({ name }: Queue, { body, attributes, id }: ReceivedMessage): Promise<void> {
    this.#note(`send ${id}`);
    this.put(name, { body, attributes });
  }

  async remove({ name }: Queue, { id }: ReceivedMessage): Promise<void> {
    this.#note(`remove ${id}`);
    const left = this.#of(name).filter(({ message }) => message.id !== id);
    this.#queues.set(name, left);
  }

  async startMove(from: Queue, to: Queue): Promise<boolean> {
    this.#note(`move ${from.name} to ${to.name}`);
    return this.moves !== undefined;
  }

  async lastMove(): Promise<MoveTask | undefined> {
    return this.moves?.shift();
  }

  close(): void {
    this.closed = true;
  }

  #of(name: string): Kept[] {
    const found = this.#queues.get(name);
    if (found === undefined) throw new Error(`There is no queue ${name}`);
    return found;
  }

  #note(call: string): void {
    if (this.calls.push(call) === this.failAt) throw new QueueServiceError(`${call} failed`);
  }
}
