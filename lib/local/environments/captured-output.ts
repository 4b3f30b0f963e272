/** A line that nobody reads to its end must not fill the memory. */
const MAX_LINE_CHARACTERS = 16_384;

const PROBLEM_LEVELS = new Set(['WARN', 'ERROR', 'FATAL', 'CRITICAL']);

/** True for what somebody who runs the stack should see: JSON logs of problems, and plain text on stderr. */
function isProblem(line: string, stream: 'stdout' | 'stderr'): boolean {
  if (!line.startsWith('{')) return stream === 'stderr' && line.trim() !== '';
  // Almost every line is an information or a metric: they are told apart without parsing.
  if (!/"(?:WARN|ERROR|FATAL|CRITICAL)"/i.test(line)) return false;
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return PROBLEM_LEVELS.has(String(level).toUpperCase());
  } catch {
    return stream === 'stderr';
  }
}

/**
 * Replaces the streams' `write`, so that lines that nobody wants never leave the thread.
 *
 * @param pass receives each line that is wanted, without its line break.
 */
export function captureOutput(pass: (line: string) => void, allOutput: boolean): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    let rest = '';
    const takeText = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
      for (const line of lines) {
        if (allOutput || isProblem(line, stream)) pass(line.slice(0, MAX_LINE_CHARACTERS));
      }
    };
    process[stream].write = ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      takeText(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      const callback = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
      if (callback !== undefined) queueMicrotask(callback);
      return true;
    }) as typeof process.stdout.write;
  }
}
