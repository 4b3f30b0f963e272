/** Who wrote an item as it is in one region, and when. */
export interface Version {
  readonly atMs: number;
  readonly region: string;
  readonly sequence: number;
  /** The last version of another region that its writer knew. */
  readonly foreign: Version | undefined;
}

/** The last writer wins: by time, then by region, as global tables have it; of one region the later write. */
export function isLater(a: Version, b: Version): boolean {
  if (a.region === b.region) return a.sequence > b.sequence;
  return a.atMs > b.atMs || (a.atMs === b.atMs && a.region > b.region);
}

const knows = ({ region, foreign }: Version, other: Version): boolean =>
  region === other.region || (foreign?.region === other.region && foreign.sequence >= other.sequence);

/** Whether neither writer knew of the other: one of the two versions is dropped, and what it did is lost. */
export const areInConflict = (a: Version, b: Version): boolean => !knows(a, b) && !knows(b, a);
