import { performance } from 'node:perf_hooks';
import { Presets, SingleBar } from 'cli-progress';

/** Where something long has got to. One thing at a time. */
export interface Progress {
  /** Begins something; what was shown before ends. */
  start(title: string, total: number): void;
  advance(): void;
  /** Ends what was shown last. */
  end(): void;
}

/** Where progress is written: stderr, as it happens. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Often enough to see that it lives, rare enough for a log. */
const NOTE_PERIOD_MS = 10_000;
const BAR_FORMAT = '{title} [{bar}] {value}/{total} · {duration_formatted} · ETA {eta_formatted}';
/** The bar's own timer redraws it; more often than this is only load. */
const BAR_FRAMES_PER_SECOND = 5;

function createBar(terminal: Terminal): Progress {
  const bar = new SingleBar(
    {
      format: BAR_FORMAT,
      fps: BAR_FRAMES_PER_SECOND,
      stream: terminal as NodeJS.WriteStream,
      hideCursor: true,
    },
    Presets.rect,
  );
  return {
    start: (title, total) => {
      bar.stop();
      bar.start(total, 0, { title: title.padEnd('Products'.length) });
    },
    advance: () => bar.increment(),
    end: () => bar.stop(),
  };
}

function createNotes(terminal: Terminal, now: () => number): Progress {
  let title = '';
  let total = 0;
  let done = 0;
  let notedAtMs = 0;
  const note = () => terminal.write(`${title}: ${done} of ${total}\n`);
  const end = () => {
    if (title !== '') note();
    title = '';
  };
  return {
    start: (nextTitle, nextTotal) => {
      end();
      title = nextTitle;
      total = nextTotal;
      done = 0;
      notedAtMs = now();
    },
    advance: () => {
      done += 1;
      if (now() - notedAtMs < NOTE_PERIOD_MS) return;
      notedAtMs = now();
      note();
    },
    end,
  };
}

/** A bar where people look at it; lines now and then where a program or a log does. */
export function createProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  return terminal.isTTY === true ? createBar(terminal) : createNotes(terminal, now);
}
