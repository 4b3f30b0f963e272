import type { WireImage } from '../streams/stream-record.ts';
import type { Version } from './version.ts';

/** What an item became by a write in one region, on its way to another. */
export interface Change {
  /** Table and key as one text. */
  readonly itemId: string;
  readonly tableName: string;
  readonly keys: WireImage;
  /** `undefined`: the item was deleted. */
  readonly image: WireImage | undefined;
  readonly version: Version;
  /** Puts back what a write that should have lost has replaced. */
  readonly restores: boolean;
  /** When the write was read from its region's stream, by the machine's clock. */
  readonly readAtMs: number;
}
