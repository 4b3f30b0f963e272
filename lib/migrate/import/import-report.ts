import type { BadRow, ImportRow, Kind } from './import-row.ts';
import type { Became, Outcome } from './outcome.ts';

/** Enough to see what kind of trouble there is; all of them go to the file of the report, or to stderr. */
const EXAMPLES_MAX = 20;

/** A row that did not simply arrive. */
export interface RowProblem {
  readonly line: number;
  readonly kind: Kind | 'unknown';
  readonly id: string | null;
  readonly became: 'different' | 'failed';
  readonly reason: string;
}

type Counts = { readonly [name in Became]: number };

/** What came of an import. `--json` prints it. */
export interface ImportReport {
  /** No row failed, and none is different. */
  readonly ok: boolean;
  readonly file: string;
  readonly dryRun: boolean;
  readonly rows: number;
  /** By kind, those that the file had. */
  readonly kinds: { readonly [kind: string]: Counts };
  readonly problems: readonly RowProblem[];
  /** How many there are, shown above or not. */
  readonly problemsTotal: number;
}

const NONE: Counts = { imported: 0, unchanged: 0, expired: 0, different: 0, failed: 0 };

export function describeProblem({ line, kind, id, became, reason }: RowProblem): string {
  return `line ${line}: ${kind}${id === null ? '' : ` ${id}`} ${became}: ${reason}`;
}

/** Counts rows by what became of them, and keeps the first that went wrong. */
export class ImportTally {
  readonly #kinds = new Map<string, Counts>();
  readonly #problems: RowProblem[] = [];
  #problemsTotal = 0;
  #rows = 0;

  /** @returns what to tell about the row, if it did not simply arrive. */
  add(row: ImportRow | BadRow, outcome: Outcome): RowProblem | undefined {
    const { line, id = null } = row;
    const kind: RowProblem['kind'] = row.kind ?? 'unknown';
    const counts = this.#kinds.get(kind) ?? NONE;
    this.#kinds.set(kind, { ...counts, [outcome.became]: counts[outcome.became] + 1 });
    this.#rows += 1;
    if (!('reason' in outcome)) return undefined;
    const problem: RowProblem = { line, kind, id, became: outcome.became, reason: outcome.reason };
    this.#problemsTotal += 1;
    if (this.#problems.length < EXAMPLES_MAX) this.#problems.push(problem);
    return problem;
  }

  report(file: string, dryRun: boolean): ImportReport {
    return {
      ok: this.#problemsTotal === 0,
      file,
      dryRun,
      rows: this.#rows,
      kinds: Object.fromEntries(this.#kinds),
      problems: this.#problems,
      problemsTotal: this.#problemsTotal,
    };
  }
}
