/** Names of the secrets, as the construct creates them and functions find them: the same in every region of a stage. */

/** Whose key a secret holds: the operators', or the canary's. */
export const SECRET_HOLDERS = ['operator', 'canary'] as const;
export type SecretHolder = (typeof SECRET_HOLDERS)[number];

export const secretName = (stage: string, holder: SecretHolder): string => `holdfast/${stage}/${holder}-key`;

/** Secrets Manager puts six letters or digits behind the name in an ARN. */
const SECRET_ARN = /\/(operator|canary)-key-[A-Za-z0-9]{6}$/;

/** @returns whose key is in the secret with this ARN; `undefined` for no secret of ours. */
export function holderOf(secretArn: string): SecretHolder | undefined {
  const found = SECRET_ARN.exec(secretArn)?.[1];
  return SECRET_HOLDERS.find((holder) => holder === found);
}

/**
 * How long a key is current. It works for as long again, while the next one is; so one that was lost sight of is good
 * for half a year at most.
 */
export const ROTATION_DAYS = 90;
