import type { Step } from './step.ts';
import { installationSteps } from './steps/installation.ts';
import { lookSteps } from './steps/looks.ts';
import { programSteps } from './steps/programs.ts';
import { seedSteps } from './steps/seed.ts';
import { shootSteps } from './steps/shoot.ts';
import { testSteps } from './steps/tests.ts';

/** In this order, where `make up` has made the example Shoot. */
export const steps: readonly Step[] = [...programSteps, ...testSteps, ...lookSteps, ...shootSteps, ...seedSteps];

/** When the Shoot may be gone. */
export const lastSteps: readonly Step[] = installationSteps;
