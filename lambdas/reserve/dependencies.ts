import { sourceByPriority } from '../../lib/domain/sourcing.ts';
import {
  createDependencies,
  createHttpDependencies,
  openHoldBook,
  openReadModel,
} from '../runtime/dependencies.ts';

export const dependencies = {
  ...createDependencies(openReadModel()),
  sourcing: sourceByPriority,
  holdBook: openHoldBook(),
};
export const http = createHttpDependencies('reserve', dependencies);
