import { closeSync, openSync, writeSync } from 'node:fs';
import { UsageError } from '../command-line/usage-error.ts';

/** Where a command writes lines while it runs. */
export interface LineSink {
  write(line: string): void;
  close(): void;
}

/** A file that is written anew, each line at once: what a run that is interrupted has found is there. */
export function openLineSink(file: string): LineSink {
  try {
    const descriptor = openSync(file, 'w');
    return {
      write: (line) => void writeSync(descriptor, `${line}\n`),
      close: () => closeSync(descriptor),
    };
  } catch (cause) {
    throw new UsageError(
      `${file} cannot be written: ${String(cause instanceof Error ? cause.message : cause)}`,
      {
        cause,
      },
    );
  }
}
