/** What a check found wrong. The message says what was expected and what came. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

export interface Check {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** `skipped`: one that it builds on has failed. */
export interface CheckResult {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  readonly reason?: string;
}

export interface Watch {
  /** Milliseconds from any start. */
  readonly now: () => number;
  /** Receives each result as it comes. */
  readonly onResult: (result: CheckResult) => void;
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function runOne({ name, run }: Check, now: () => number): Promise<CheckResult> {
  const startedMs = now();
  const milliseconds = () => Math.round(now() - startedMs);
  try {
    await run();
    return { name, result: 'passed', milliseconds: milliseconds() };
  } catch (error) {
    return { name, result: 'failed', milliseconds: milliseconds(), reason: describe(error) };
  }
}

/** Runs checks one after another. `inOrder`: each builds on those before it, so that the first failure ends them. */
export async function runChecks(
  checks: readonly Check[],
  { now, onResult }: Watch,
  { inOrder }: { readonly inOrder: boolean },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const isOver = inOrder && results.some(({ result }) => result === 'failed');
    const result: CheckResult = isOver
      ? { name: check.name, result: 'skipped', milliseconds: 0 }
      : await runOne(check, now);
    results.push(result);
    onResult(result);
  }
  return results;
}
