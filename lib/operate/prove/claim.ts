/** Something that must be true of a deployed stage, and how to find out. */
export interface Claim {
  readonly name: string;
  /** @returns what is wrong; `undefined` when it is true. Throws when it cannot be found out. */
  prove(): Promise<string | undefined>;
}

export interface Proof {
  readonly name: string;
  readonly outcome: 'proved' | 'wrong' | 'unknown';
  /** What is wrong, or why it is not known. */
  readonly detail?: string;
  readonly milliseconds: number;
}

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Proves a claim. What cannot be found out is no proof, and the others go on. */
export async function prove(claim: Claim, nowMs: () => number): Promise<Proof> {
  const startedMs = nowMs();
  const ended = () => ({ name: claim.name, milliseconds: Math.round(nowMs() - startedMs) });
  try {
    const fault = await claim.prove();
    return fault === undefined
      ? { ...ended(), outcome: 'proved' }
      : { ...ended(), outcome: 'wrong', detail: fault };
  } catch (error) {
    return { ...ended(), outcome: 'unknown', detail: textOf(error) };
  }
}
