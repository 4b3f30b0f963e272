import { StackClock } from './clock.ts';
import type { EmbeddedStackOptions } from './embedded-stack.ts';
import { Meter } from './meter/meter.ts';
import { DEFAULT_CONTROL_PORT, DEFAULT_PORT, DEFAULT_REGIONS } from './options.ts';
import { Faults } from './proxy/faults.ts';

/** The options with every default in place, and what the whole stack uses together. */
export interface Plan {
  readonly options: EmbeddedStackOptions;
  readonly regions: readonly string[];
  readonly port: number;
  readonly controlPort: number;
  readonly signal: AbortSignal;
  readonly clock: StackClock;
  readonly meter: Meter;
  readonly faults: Faults;
  readonly onOutput: (line: string) => void;
  /** What must be ended with the stack, in reverse order. */
  readonly resources: AsyncDisposableStack;
}

export function makePlan(options: EmbeddedStackOptions): Plan {
  return {
    options,
    regions: options.regions ?? DEFAULT_REGIONS,
    port: options.port ?? DEFAULT_PORT,
    controlPort: options.controlPort ?? DEFAULT_CONTROL_PORT,
    signal: options.signal ?? new AbortController().signal,
    clock: new StackClock(),
    meter: new Meter(),
    faults: new Faults(),
    onOutput: options.onOutput ?? ((line) => process.stderr.write(`${line}\n`)),
    resources: new AsyncDisposableStack(),
  };
}
