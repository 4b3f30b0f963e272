import * as z from 'zod';
import type { KeyRotation } from '../../lib/application/rotate-service-key.ts';

/** What Secrets Manager calls the steps, and what they are to us. */
export const STEPS = {
  createSecret: 'create',
  setSecret: 'register',
  testSecret: 'test',
  finishSecret: 'finish',
} as const satisfies Record<string, keyof KeyRotation>;

type Step = keyof typeof STEPS;

const rotationEvent = z
  .object({
    SecretId: z.string().min(1),
    ClientRequestToken: z.string().min(1),
    Step: z.enum(Object.keys(STEPS) as [Step, ...Step[]]),
  })
  .transform(({ SecretId, ClientRequestToken, Step }) => ({
    secretArn: SecretId,
    versionId: ClientRequestToken,
    step: Step,
  }));

/** @throws an Error for what Secrets Manager does not send. */
export const parseRotationEvent = (event: unknown) => rotationEvent.parse(event);
