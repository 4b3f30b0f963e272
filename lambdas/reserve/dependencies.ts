import { sourceByPriority } from '../../lib/domain/sourcing.ts';
import { createDependencies, createHttpDependencies } from '../runtime/dependencies.ts';

export const dependencies = { ...createDependencies(), sourcing: sourceByPriority };
export const http = createHttpDependencies('reserve', dependencies);
