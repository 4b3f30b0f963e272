import { readFile } from 'node:fs/promises';

/** Memory pages are this large wherever `/proc` exists and this runs. */
const PAGE_BYTES = 4_096;

/** Resident memory of a process; `null` where the system has no `/proc`, or no such process. */
export async function residentBytes(pid: number): Promise<number | null> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => undefined);
  const pages = Number(statm?.split(' ')[1]);
  return Number.isFinite(pages) ? pages * PAGE_BYTES : null;
}
