import type { Progress } from '../../command-line/progress.ts';
import { findLogFiles, type LogLine, readLogFile } from './read-log.ts';
import { ReplayedLog, type ReplayedStock } from './replayed-stock.ts';

/** Lines that are named; whoever has more of them has one cause for all. */
const NAMED_MAX = 100;

export interface Replayed {
  readonly files: number;
  /** Entries that were read. */
  readonly entries: number;
  /** Of them, those that said nothing new: they came twice, or a newer version had been seen. */
  readonly repeated: number;
  readonly unreadable: {
    readonly count: number;
    /** The first of them, as file and line. */
    readonly lines: readonly string[];
  };
  readonly stocks: readonly ReplayedStock[];
}

interface Counts {
  entries: number;
  repeated: number;
  unreadable: number;
  readonly lines: string[];
}

function count(log: ReplayedLog, line: LogLine, counts: Counts): void {
  if ('entry' in line) {
    counts.entries += 1;
    if (!log.add(line.entry)) counts.repeated += 1;
    return;
  }
  counts.unreadable += 1;
  if (counts.lines.length < NAMED_MAX) counts.lines.push(line.unreadable);
}

/** Builds the read model anew from the files below a folder. */
export async function replayLog(folder: string, progress: Progress): Promise<Replayed> {
  const files = await findLogFiles(folder);
  const log = new ReplayedLog();
  const counts: Counts = { entries: 0, repeated: 0, unreadable: 0, lines: [] };
  progress.start('Files', files.length);
  for (const file of files) {
    for await (const line of readLogFile(file, folder)) count(log, line, counts);
    progress.advance();
  }
  progress.end();
  const { entries, repeated, unreadable, lines } = counts;
  return {
    files: files.length,
    entries,
    repeated,
    unreadable: { count: unreadable, lines },
    stocks: log.stocks(),
  };
}
