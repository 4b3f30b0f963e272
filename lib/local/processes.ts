import type { ChildProcess } from 'node:child_process';

/** Children that must not outlive this process, however it ends short of SIGKILL. */
const children = new Map<ChildProcess, NodeJS.Signals>();

function killEveryChild(): void {
  for (const [child, signal] of children) child.kill(signal);
}

/**
 * Sends the signal to the child, by its pid, when this process exits. One listener serves all children: one
 * listener each would trip Node's leak warning in test runs that start many databases.
 */
export function killOnExit(child: ChildProcess, signal: NodeJS.Signals): void {
  if (children.size === 0) process.once('exit', killEveryChild);
  children.set(child, signal);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', killEveryChild);
  });
}

/** Resolves when the child is gone, at once when it already is. */
export function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Sends a signal and waits; after the grace period it sends SIGKILL, which always ends a process. */
export async function endChild(
  child: ChildProcess,
  { signal, graceMs }: { readonly signal: NodeJS.Signals; readonly graceMs: number },
): Promise<void> {
  const gone = exited(child);
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}
