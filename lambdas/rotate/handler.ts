import { rotateServiceKey } from '../../lib/application/rotate-service-key.ts';
import { holderOf } from '../../lib/config/secrets.ts';
import { dependencies, openSecret } from './dependencies.ts';
import { parseRotationEvent, STEPS } from './rotation-event.ts';

/** Called by Secrets Manager, once for each step of a turn; a step that fails is tried again by it. */
export async function handler(event: unknown): Promise<void> {
  const { secretArn, versionId, step } = parseRotationEvent(event);
  const holder = holderOf(secretArn);
  if (holder === undefined) throw new Error('This is no secret with a key of the service');
  await rotateServiceKey(dependencies, openSecret({ secretArn, versionId }), holder)[STEPS[step]]();
}
