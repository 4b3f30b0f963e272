/** What a stream shows, and what its consumer says of a batch. */
import type { Channel } from '../domain/unsent.ts';
import type { RecordChange } from './ports.ts';
import type { Notice } from './settle-siblings.ts';

/** A record that a stream shows, and where it stands there. */
export type StreamedRecord = {
  /** What a failure is answered with. */
  readonly position: string;
  /** Key of the stored record: what has the same one is handled in order. */
  readonly recordKey: string;
  readonly committedAtMs: number;
  /** As it was shown: what is parked. */
  readonly raw: unknown;
} & (
  | { readonly change: RecordChange; readonly fault?: never }
  /** Why it cannot be read. */
  | { readonly change?: never; readonly fault: Error }
);

/** What somebody should hear of a batch. */
export type ChangeEvent =
  | { readonly event: 'noticed'; readonly notice: Notice }
  /** A record that cannot be read. */
  | { readonly event: 'unreadable'; readonly recordKey: string; readonly error: unknown }
  /** A bug keeps a change from being completed. It is shown again for a while. */
  | { readonly event: 'failed'; readonly recordKey: string; readonly error: unknown }
  /** It was shown again for long enough. */
  | { readonly event: 'given_up'; readonly recordKey: string; readonly error: unknown }
  /** What cannot be read, or was given up, could not be put where it can be sent again: it is shown once more. */
  | { readonly event: 'not_parked'; readonly recordKey: string }
  /** `count` records must be shown again. `error`: what stood in the way of the first, if it was not the time. */
  | { readonly event: 'postponed'; readonly count: number; readonly error?: unknown }
  /** Messages that nobody took are kept, and sent by the sweep. */
  | { readonly event: 'kept'; readonly channel: Channel; readonly count: number }
  | { readonly event: 'demand_not_followed'; readonly error: unknown };
