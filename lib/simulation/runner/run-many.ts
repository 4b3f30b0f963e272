import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedReport } from './run-seed.ts';
import type { SeedTask } from './seed-task.ts';

type Message = { readonly report: SeedReport } | { readonly error: string };

export interface ManyOptions {
  readonly tasks: Iterator<SeedTask>;
  readonly onReport: (report: SeedReport) => void;
  /** Whether to stop now: what is running ends first. */
  readonly isDone: () => boolean;
}

/** Young objects die young here: a larger nursery halves the time of the garbage collector. */
const YOUNG_GENERATION_MB = 64;

/** Lets one worker work off tasks until there are none. */
function work({ tasks, onReport, isDone }: ManyOptions): Promise<void> {
  const worker = new Worker(new URL('./worker-main.ts', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  return new Promise((resolve, reject) => {
    const next = () => {
      const task = isDone() ? undefined : tasks.next();
      if (task === undefined || task.done === true) {
        void worker.terminate();
        resolve();
      } else {
        worker.postMessage(task.value);
      }
    };
    worker.on('message', (message: Message) => {
      if ('error' in message) {
        reject(new Error(message.error));
        return;
      }
      onReport(message.report);
      next();
    });
    worker.on('error', reject);
    next();
  });
}

/** Runs many seeds, on all cores. */
export async function runMany(options: ManyOptions): Promise<void> {
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(options)));
}
