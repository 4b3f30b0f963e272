/** Entity tags and the conditions made of them (RFC 9110, sections 8.8 and 13.1). */

import { fingerprintOf } from './fingerprint.ts';

interface EntityTag {
  readonly isWeak: boolean;
  readonly opaque: string;
}

/** A parsed `If-Match` or `If-None-Match`. A malformed one is an empty list: it matches nothing. */
export type TagCondition = '*' | readonly EntityTag[];

/** Conditions of a request on the thing it names. */
export interface Conditions {
  readonly ifMatch: TagCondition | undefined;
  readonly ifNoneMatch: TagCondition | undefined;
}

/** One tag and the comma after it; sticky, so that the list is read once from left to right. */
const TAG = /[ \t]*(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"[ \t]*(,|$)/y;

/** Parses the value of `If-Match` or `If-None-Match`. */
export function parseTagCondition(header: string | undefined): TagCondition | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < header.length) {
    const match = TAG.exec(header);
    if (match === null) return [];
    tags.push({ isWeak: match[1] !== undefined, opaque: match[2] ?? '' });
  }
  return tags;
}

/** The entity tag of a version, as `ETag` carries it. */
export const versionTag = (version: number): string => `"${version}"`;

/** Half a fingerprint: two answers about one thing never meet by chance. */
const CONTENT_TAG_DIGITS = 16;

/** A weak entity tag of what an answer says: equal for answers that say the same. */
export const contentTag = (content: object): string =>
  `W/"${fingerprintOf(content).slice(0, CONTENT_TAG_DIGITS)}"`;

/** Strong comparison: a weak tag promises too little to change something by. */
function strongMatch(condition: TagCondition, current: string | undefined): boolean {
  if (current === undefined) return false;
  return condition === '*' || condition.some(({ isWeak, opaque }) => !isWeak && `"${opaque}"` === current);
}

/** Weak comparison: good enough to say that nothing has to be sent again. */
function weakMatch(condition: TagCondition, current: string | undefined): boolean {
  if (current === undefined) return false;
  return condition === '*' || condition.some(({ opaque }) => `"${opaque}"` === current.replace(/^W\//, ''));
}

/** Whether `If-Match` forbids to go on. `current`: the thing's entity tag; `undefined`: it does not exist. */
export const failsIfMatch = ({ ifMatch }: Conditions, current: string | undefined): boolean =>
  ifMatch !== undefined && !strongMatch(ifMatch, current);

/** Whether `If-None-Match` names what is there: a read is then 304, a write 412. */
export const failsIfNoneMatch = ({ ifNoneMatch }: Conditions, current: string | undefined): boolean =>
  ifNoneMatch !== undefined && weakMatch(ifNoneMatch, current);

/**
 * Whether a write must be refused as `version_mismatch`.
 *
 * @param version version of the stored thing; `undefined` when there is none
 */
export function failsPrecondition(conditions: Conditions, version: number | undefined): boolean {
  const current = version === undefined ? undefined : versionTag(version);
  return failsIfMatch(conditions, current) || failsIfNoneMatch(conditions, current);
}
