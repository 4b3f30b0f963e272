/** Which write made an item what it is, and which writes that one had seen. */
export interface Version {
  /** The region where it was written. */
  readonly writer: string;
  /** By region: the latest of its writes of this item that went into this one, itself included. */
  readonly seen: Readonly<Record<string, number>>;
  /** True: the write deleted the item. */
  readonly deleted: boolean;
}

/** The time of the write itself. */
export function timeOf({ writer, seen }: Version): number {
  return seen[writer] ?? Number.NEGATIVE_INFINITY;
}

/** The version that a local write makes of the one before. */
export function nextVersion(
  before: Version | undefined,
  writer: string,
  { nowMs, deleted }: { readonly nowMs: number; readonly deleted: boolean },
): Version {
  const previous = before?.seen[writer] ?? Number.NEGATIVE_INFINITY;
  // Two writes within a millisecond, or a clock that was set back, must not look like one write.
  return { writer, deleted, seen: { ...before?.seen, [writer]: Math.max(nowMs, previous + 1) } };
}

/** True when the version was written with the other one in view, or is the other one. */
export function includes(version: Version, other: Version): boolean {
  return (version.seen[other.writer] ?? Number.NEGATIVE_INFINITY) >= timeOf(other);
}

/** Last writer wins: by time, then by the name of the region. */
export function winsOver(version: Version, other: Version): boolean {
  const [time, otherTime] = [timeOf(version), timeOf(other)];
  return time === otherTime ? version.writer > other.writer : time > otherTime;
}

/** The version with what another one had seen as well. */
export function withSeen(version: Version, other: Version): Version {
  const seen: Record<string, number> = { ...other.seen };
  for (const [region, time] of Object.entries(version.seen))
    seen[region] = Math.max(time, seen[region] ?? time);
  return { ...version, seen };
}
