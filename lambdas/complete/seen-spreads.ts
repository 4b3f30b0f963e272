/** Gathers how unevenly regions share what a batch looked at. A function has one: it runs one batch at a time. */
export function createSeenSpreads() {
  let seen: number[] = [];
  return {
    add(percent: number): void {
      seen.push(percent);
    },
    /** The mean of what was seen since the last time it was asked; `undefined`: nothing. */
    takeMean(): number | undefined {
      const percents = seen;
      seen = [];
      if (percents.length === 0) return undefined;
      return percents.reduce((sum, percent) => sum + percent, 0) / percents.length;
    },
  };
}

export type SeenSpreads = ReturnType<typeof createSeenSpreads>;
