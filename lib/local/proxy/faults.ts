export const FAULT_KINDS = [
  'throttle',
  'timeout_before',
  'timeout_after',
  'error_500',
  'conflict',
  'partial',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Calls of which a share goes wrong on purpose. */
export interface Fault {
  /** `UpdateItem`, …; `*`: every operation of DynamoDB. */
  readonly operation: string;
  /** `undefined`: every region. */
  readonly region: string | undefined;
  /** Share of the calls, 0 to 1. */
  readonly rate: number;
  readonly kind: FaultKind;
}

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

/** Operations of other services than DynamoDB. */
const BATCHES: ReadonlySet<string> = new Set(['PutEvents', 'PutRecordBatch']);
const ELSEWHERE: ReadonlySet<string> = new Set([...BATCHES, 'PutRecord', 'AssumeRole']);

/** True for operations of which some entries may fail and others not. */
export const mayFailInPart = (operation: string): boolean => BATCHES.has(operation);

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
  const isNamed = fault.operation === '*' ? !ELSEWHERE.has(operation) : fault.operation === operation;
  if (!isNamed) return false;
  if (fault.region !== undefined && fault.region !== region) return false;
  // Only writes conflict: a read takes the last committed version.
  if (fault.kind === 'conflict' && !WRITES.has(operation)) return false;
  return Math.random() < fault.rate;
}
