/** What the comparison takes for granted. Each is printed in the report: whoever doubts one can change it here. */

/**
 * Three regions of one continent-wide network. By the order of their names the simulated network puts 70 ms
 * between the first two, 90 ms between the first and the last, and 150 ms between the others.
 */
export const REGIONS: readonly string[] = ['ca-central-1', 'eu-central-1', 'us-west-2'];

/** Where the warehouse and the single home region are: nobody has a shorter way to the others than this one. */
export const HOME = 'ca-central-1';

/** AWS: a partition, and so an item, takes this many write units a second. */
export const WRITE_UNITS_PER_SECOND = 1_000;
/** AWS: a write in a transaction costs twice. All items of the comparison are below 1 KB. */
export const UNITS_OF_TRANSACTED_WRITE = 2;
/** A transaction keeps its items to itself for so long; others that want one of them meanwhile are rejected. */
export const TRANSACTION_MS = 8;
/** As in the adapter: attempts at a commit that meets others, and what is waited between them, at random. */
export const CONFLICT_ATTEMPTS_MAX = 12;
export const CONFLICT_WAIT_MS = { first: 10, most: 320 } as const;
/** As in the adapter: a shopper waits no longer for a commit that meets others. */
export const CONFLICT_TIME_MAX_MS = 2_000;

/** A stream batch may be this large; Lambda takes up to 10,000 records. */
export const STREAM_BATCH_MAX = 200;
/** Sweeps and signs of life, as often as the schedule of a stage. */
export const SWEEP_EVERY_MS = 5_000;

/** A lot of the smallest size that the targets are stated for. */
export const LOT_UNITS = 10_000;
/** What counts as the end of a lot: reported apart. */
export const TAIL_SHARE = 0.02;
/** A sku is ordered anew when no more than this part of a lot can be sold. */
export const REORDER_SHARE = 0.03;
/** From the order to the delivery: just before or just after the end of the lot begins. */
export const LEAD_TIME_MS = [5_000, 25_000] as const;

/** A hold takes one unit mostly, as carts do. */
export const QUANTITIES: readonly number[] = [1, 1, 1, 1, 1, 1, 1, 1, 2, 3];
/** Of the holds this share is bought, the rest given back. */
export const BOUGHT_SHARE = 0.7;
/** Mean times until the shopper decides, and from the purchase until the parcel leaves. */
export const DECIDES_AFTER_MS = 20_000;
export const SHIPS_AFTER_MS = 30_000;
/** A hold outlives any of them. */
export const TTL_SECONDS = 3_600;

/** A region that is cut off is cut off for so long, after some time in which everything is as usual. */
export const CUT_MS = 300_000;
export const BEFORE_CUT_MS = 480_000;

/** A client that hears nothing from another region gives up. */
export const REQUEST_TIMEOUT_MS = 2_000;
/** A way takes half a round trip and up to half of that more, as in the simulated network. */
export const JITTER = 0.5;
