import type { SeenSeed } from '../../doctor.ts';
import type { Looking } from '../../try-to.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';

export interface Reader extends Looking {
  readonly seeds: readonly SeenSeed[];
  readonly metalApis: MetalApiRegistry;
}
