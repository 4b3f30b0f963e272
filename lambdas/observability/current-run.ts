/**
 * The run that an environment is in. It has one at a time, so whatever is logged belongs to it, also what adapters tell
 * that know of no run.
 */
let awsRequestId: string | undefined;

/** Begins a run: every entry from now on carries its id, which finds the platform's own entries. */
export function beginRun(context: { readonly awsRequestId?: string } | undefined): void {
  awsRequestId = context?.awsRequestId;
}

/** What every entry says of the run it was written in. */
export const runFields = (): { readonly awsRequestId?: string } =>
  awsRequestId === undefined ? {} : { awsRequestId };
