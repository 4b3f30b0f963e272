/** Its place is taken: the construct bundles this folder. */
export function handler(): never {
  throw new Error('This function does nothing yet.');
}
