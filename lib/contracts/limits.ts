/**
 * Limits of the HTTP API, each with its reason. Those that the rules themselves need are in
 * `lib/domain/limits.ts`; these bound what one request may carry.
 */

/** Bytes of a request body. The largest honest request, 50 lines with full metadata, is a quarter of it. */
export const BODY_BYTES_MAX = 65_536;

/** Nested arrays and objects in a body. The deepest contract has three levels; recursion stays shallow. */
export const BODY_DEPTH_MAX = 32;

/** Failing paths that one answer names. Every field of the largest honest request fits; a flood does not. */
export const ERRORS_MAX = 1_000;

/** Characters of one failing path: it may quote an unknown field, which has no length of its own. */
export const ERROR_PATH_MAX = 256;

/** Items on one page of a list: a page of the largest items stays far below the gateway's 10 MB. */
export const PAGE_LIMIT_MAX = 100;
export const PAGE_LIMIT_DEFAULT = 25;

/** Products in one batch-get: as many as DynamoDB reads in one call. */
export const BATCH_SKUS_MAX = 100;

/** Characters of a name, shown in one line of a list. */
export const NAME_MAX = 200;

/** Characters of a description or a reason: a paragraph. */
export const PARAGRAPH_MAX = 1_000;

/** Characters of ids and numbers that other systems give: reference, order id, carrier, tracking id. */
export const FOREIGN_ID_MAX = 128;

/** Characters of a word from the caller's own vocabulary: a unit of measure, a type of location. */
export const WORD_MAX = 64;

/** String maps are labels for search and reports, not a place to keep documents. */
export const MAP_PAIRS_MAX = 20;
export const MAP_KEY_MAX = 64;
export const MAP_VALUE_MAX = 256;

/** Highest priority number of a location: room for gaps between any number of ranks. */
export const PRIORITY_MAX = 1_000_000;
export const PRIORITY_DEFAULT = 100;

/** Characters of an idempotency key: room for a UUID with a prefix. */
export const IDEMPOTENCY_KEY_MAX = 128;

/** Characters of a webhook's URL: what browsers and proxies are sure to take. */
export const URL_MAX = 2_048;

/** Types of events that a webhook names: more than there are, so that new ones need no other limit. */
export const DETAIL_TYPES_MAX = 50;

/** Characters of a secret that a caller gives: too many to guess, and no longer than a line. */
export const SECRET_MIN = 16;
export const SECRET_MAX = 128;

/** A region's share of the units: only the proportions matter, and no more digits than a quantity has. */
export const SHARE_MAX = 1_000_000_000;
