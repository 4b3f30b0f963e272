import type { ReadModel } from './ports.ts';

const refuse = (): Promise<never> =>
  Promise.reject(new Error('This function has no access to the read model: its settings do not ask for it.'));

/** Stands for the read model where nothing reads it. */
export const NO_READ_MODEL: ReadModel = {
  get: refuse,
  getMany: refuse,
  put: refuse,
  watermark: refuse,
  setWatermark: refuse,
};
