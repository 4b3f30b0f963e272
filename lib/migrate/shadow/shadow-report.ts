import type { BadDecision, Decision } from './decision.ts';

/** How the two systems differ, by kind, with what it means. */
export const DIFFERENCES = {
  oversell: 'granted by the old system, refused here: the units were promised to somebody else',
  missed_sale: 'refused by the old system, possible here',
  late_confirmation: 'confirmed by the old system after the hold had ended',
  step_refused: 'done by the old system, refused here',
  step_possible: 'refused by the old system, possible here, of a reservation that is there',
  availability: 'both show another number of available units',
} as const;

export type DifferenceKind = keyof typeof DIFFERENCES;

export interface Difference {
  readonly kind: DifferenceKind;
  readonly line: number;
  readonly at: string;
  readonly id: string;
  readonly request: string;
  readonly detail: string;
}

/** Enough to see what kind of trouble there is; all of them go to the file of the report, or to stderr. */
const EXAMPLES_MAX = 5;

/** What came of a comparison. `--json` prints it. */
export interface ShadowReport {
  /** Every line could be read, and nothing differs. */
  readonly ok: boolean;
  readonly file: string;
  readonly decisions: number;
  /** Both systems decided alike. */
  readonly agreed: number;
  /** Requests to reservations that are not here: made before the log began, or refused here. */
  readonly unjudged: number;
  readonly bad: { readonly lines: number; readonly examples: readonly BadDecision[] };
  readonly differences: { readonly [kind in DifferenceKind]: number };
  readonly examples: { readonly [kind in DifferenceKind]?: readonly Difference[] };
}

export const describeDifference = ({ line, at, id, request, kind, detail }: Difference): string =>
  `line ${line}, ${at}: ${request} ${id}: ${kind}: ${detail}`;

/** What a decision was compared to. */
export type Verdict =
  | { readonly is: 'agreed' | 'unjudged' }
  | { readonly is: DifferenceKind; readonly detail: string };

/** Counts verdicts, and keeps the first differences of each kind. */
export class ShadowTally {
  readonly #counts = new Map<Verdict['is'], number>();
  readonly #examples = new Map<DifferenceKind, Difference[]>();
  readonly #bad: BadDecision[] = [];
  #decisions = 0;
  #badLines = 0;

  addBad(bad: BadDecision): void {
    this.#badLines += 1;
    if (this.#bad.length < EXAMPLES_MAX) this.#bad.push(bad);
  }

  addDecision(): void {
    this.#decisions += 1;
  }

  /** @returns what to tell about it, if it is a difference. */
  add({ line, at, id, request }: Decision, verdict: Verdict): Difference | undefined {
    this.#counts.set(verdict.is, this.#of(verdict.is) + 1);
    if (!('detail' in verdict)) return undefined;
    const { is: kind, detail } = verdict;
    const difference = { kind, line, at: new Date(at).toISOString(), id, request, detail };
    const examples = this.#examples.get(kind) ?? [];
    if (examples.length < EXAMPLES_MAX) this.#examples.set(kind, [...examples, difference]);
    return difference;
  }

  report(file: string): ShadowReport {
    const kinds = Object.keys(DIFFERENCES) as DifferenceKind[];
    const differences = Object.fromEntries(kinds.map((kind) => [kind, this.#of(kind)]));
    return {
      ok: this.#badLines === 0 && kinds.every((kind) => this.#of(kind) === 0),
      file,
      decisions: this.#decisions,
      agreed: this.#of('agreed'),
      unjudged: this.#of('unjudged'),
      bad: { lines: this.#badLines, examples: this.#bad },
      differences: differences as ShadowReport['differences'],
      examples: Object.fromEntries(this.#examples),
    };
  }

  #of(kind: Verdict['is']): number {
    return this.#counts.get(kind) ?? 0;
  }
}
