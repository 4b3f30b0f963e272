import type { Message, Outlet } from '../../application/ports.ts';

/** What a service takes in one call. */
export interface BatchLimits {
  readonly entries: number;
  /** Of all entries of a call together, and so of each. */
  readonly bytes: number;
}

/** Why messages were not taken. */
export interface OutletFailure {
  /** How many messages it concerns. */
  readonly count: number;
  /** `call`: the service could not be asked. `entry`: it refused some. `message`: it cannot be sent at all. */
  readonly what: 'call' | 'entry' | 'message';
  readonly error: unknown;
}

export type OnFailure = (failure: OutletFailure) => void;

/** A message, made ready to be sent. */
export interface Packed<Entry> {
  readonly id: string;
  readonly entry: Entry;
  readonly bytes: number;
}

export interface BatchedOutletOptions<Sent extends Message, Entry> {
  readonly limits: BatchLimits;
  /** @throws an Error for a message that must not be sent. */
  readonly pack: (message: Sent) => Omit<Packed<Entry>, 'id'>;
  /**
   * Sends a batch in one call.
   *
   * @returns for each entry, in order, whether the service says that it has it: `undefined`, or why not.
   * @throws whatever the SDK throws.
   */
  readonly deliver: (entries: readonly Entry[]) => Promise<readonly (string | undefined)[]>;
  readonly onFailure: OnFailure;
}

/** Bytes of a text as it is sent. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Batches within the limits, in order. */
function batchesOf<Entry>(packed: readonly Packed<Entry>[], limits: BatchLimits): Packed<Entry>[][] {
  const batches: Packed<Entry>[][] = [];
  let batch: Packed<Entry>[] = [];
  let bytes = 0;
  for (const one of packed) {
    if (batch.length > 0 && (batch.length === limits.entries || bytes + one.bytes > limits.bytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(one);
    bytes += one.bytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** What the service had to say of the entries that it did not take. */
class RefusedEntriesError extends Error {
  override readonly name = 'RefusedEntriesError';
}

/**
 * An outlet that hands messages over in batches and believes the answer entry by entry. A call that fails has handed
 * over nothing; then the rest is not tried either, because each call would be waited for.
 */
export function createBatchedOutlet<Sent extends Message, Entry>(
  options: BatchedOutletOptions<Sent, Entry>,
): Outlet<Sent> {
  const { limits, pack, deliver, onFailure } = options;
  const packOne = (message: Sent): Packed<Entry>[] => {
    try {
      const packed = { id: message.id, ...pack(message) };
      if (packed.bytes <= limits.bytes) return [packed];
      throw new Error(`A message of ${packed.bytes} bytes is too large: ${limits.bytes} at most`);
    } catch (error) {
      onFailure({ count: 1, what: 'message', error });
      return [];
    }
  };
  /** @returns the ids that were taken; `undefined`: the service could not be asked. */
  const deliverBatch = async (batch: readonly Packed<Entry>[]): Promise<string[] | undefined> => {
    try {
      const faults = await deliver(batch.map(({ entry }) => entry));
      const refused = batch.map((_, index) => faults[index]).filter((fault) => fault !== undefined);
      if (refused.length > 0) {
        const error = new RefusedEntriesError([...new Set(refused)].join('; '));
        onFailure({ count: refused.length, what: 'entry', error });
      }
      return batch.flatMap(({ id }, index) => (faults[index] === undefined ? [id] : []));
    } catch (error) {
      onFailure({ count: batch.length, what: 'call', error });
      return undefined;
    }
  };
  return {
    async send(messages) {
      const left = new Set(messages.map(({ id }) => id));
      for (const batch of batchesOf(messages.flatMap(packOne), limits)) {
        const taken = await deliverBatch(batch);
        if (taken === undefined) break;
        for (const id of taken) left.delete(id);
      }
      return left;
    },
  };
}
