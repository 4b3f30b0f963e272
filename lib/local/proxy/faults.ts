export const FAULT_KINDS = ['throttle', 'timeout_before', 'timeout_after', 'error_500', 'conflict'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Calls of which a share goes wrong on purpose. */
export interface Fault {
  /** `UpdateItem`, …; `*`: every operation. */
  readonly operation: string;
  /** `undefined`: every region. */
  readonly region: string | undefined;
  /** Share of the calls, 0 to 1. */
  readonly rate: number;
  readonly kind: FaultKind;
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

/** The faults that are active; the first that hits a call counts. */
export class Faults {
  #active: Fault[] = [];

  get active(): readonly Fault[] {
    return this.#active;
  }

  add(fault: Fault): void {
    this.#active.push(fault);
  }

  clear(): void {
    this.#active = [];
  }

  pick(operation: string, region: string): FaultKind | undefined {
    return this.#active.find((fault) => hits(fault, operation, region))?.kind;
  }
}

function hits(fault: Fault, operation: string, region: string): boolean {
  if (fault.operation !== '*' && fault.operation !== operation) return false;
  if (fault.region !== undefined && fault.region !== region) return false;
  // Only writes conflict: a read takes the last committed version.
  if (fault.kind === 'conflict' && !WRITES.has(operation)) return false;
  return Math.random() < fault.rate;
}
