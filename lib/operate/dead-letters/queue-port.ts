/** The queues of one region, as the tool for dead letters needs them. `lib/adapters/sqs` implements it. */

/** A queue that is there. */
export interface Queue {
  readonly name: string;
  readonly region: string;
  readonly url: string;
  readonly arn: string;
}

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, perhaps with a label behind a dot. */
  readonly type: string;
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

/** A message that was received, and is hidden from others for a while. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sentAtMs: number;
  readonly firstReceivedAtMs?: number;
  /** How often it was received, this time included. */
  readonly receives: number;
  /** Names this receipt to the service. */
  readonly receipt: string;
}

/** How far the service itself has come with moving messages. */
export interface MoveTask {
  readonly isRunning: boolean;
  readonly moved: number;
  /** Known once the service has counted. */
  readonly total?: number;
  /** Why it ended before its time. */
  readonly failure?: string;
}

/** The service cannot be reached, or refuses: whoever typed the command can do something about it. */
export class QueueServiceError extends Error {
  override readonly name = 'QueueServiceError';
}

/** @throws QueueServiceError from each of its methods. */
export interface QueuePort {
  /** @returns `undefined` when there is no queue of that name. */
  find(name: string): Promise<Queue | undefined>;
  /** Messages that wait and messages that somebody has received, about. */
  depth(queue: Queue): Promise<{ readonly waiting: number; readonly inFlight: number }>;
  /** Receives up to ten messages. */
  receive(queue: Queue, hiddenSeconds: number): Promise<readonly ReceivedMessage[]>;
  /** Shows received messages to others again. */
  release(queue: Queue, messages: readonly ReceivedMessage[]): Promise<void>;
  /** Sends a copy, with its attributes; resolves when it was acknowledged. */
  send(queue: Queue, message: ReceivedMessage): Promise<void>;
  remove(queue: Queue, message: ReceivedMessage): Promise<void>;
  /** Lets the service move everything. @returns whether it can. */
  startMove(from: Queue, to: Queue): Promise<boolean>;
  /** The move that was started last. */
  lastMove(from: Queue): Promise<MoveTask | undefined>;
  close(): void;
}
