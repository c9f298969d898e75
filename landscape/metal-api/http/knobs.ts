import { z } from 'zod';
import type { MachineFate } from '../context.ts';
import type { Random } from '../random.ts';
import { matches } from './pattern.ts';

/** `[METHOD ]<path pattern>`: the path after the base path, `*` stands for anything: `POST /v1/ip/*`, `*`. */
const pattern = z.string().min(1);
const rate = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

export const knobSettingsSchema = z.strictObject({
  /** Added to every call. */
  latencyMs: milliseconds.default(0),
  /** Up to this much more, at random. */
  jitterMs: milliseconds.default(0),
  /** 503 before anything else, reset: the connection breaks without an answer, hang: no answer ever comes. */
  unavailable: z.enum(['no', '503', 'reset', 'hang']).default('no'),
  /** Added to calls that fit, on top of the general latency. */
  slow: z.array(z.strictObject({ pattern, latencyMs: milliseconds })).default([]),
  /** The call fails with `status` and has no effect. */
  errors: z
    .array(z.strictObject({ pattern, rate, status: z.int().min(400).max(599), message: z.string().optional() }))
    .default([]),
  /** The call takes effect, and the connection breaks without an answer. */
  lostResponses: z.array(z.strictObject({ pattern, rate })).default([]),
  /** For exactly the next `times` calls that fit: `lost`, or an error with `status`. Looked at before the rates. */
  next: z
    .array(
      z.strictObject({
        pattern,
        times: z.int().min(1).default(1),
        lost: z.boolean().default(false),
        status: z.int().min(400).max(599).optional(),
        message: z.string().optional(),
      }),
    )
    .default([]),
  /** What becomes of machines that are allocated from now on, `runs` also of those that are; the first entry that fits. */
  hardware: z
    .array(
      z.strictObject({
        /** `*` stands for anything. */
        hostname: z.string().min(1),
        /** From allocation to Phoned Home; as the simulator was started when absent. */
        bootMs: milliseconds.optional(),
        boot: z.enum(['phones-home', 'hangs', 'crash-loops']).default('phones-home'),
        /** For those who play the installed system (landscape/hardware). */
        runs: z.enum(['well', 'never-joins', 'not-ready', 'silent']).default('well'),
      }),
    )
    .default([]),
});

export type KnobInput = z.input<typeof knobSettingsSchema>;
export type KnobSettings = z.output<typeof knobSettingsSchema>;

export interface Faults {
  readonly delayMs: number;
  readonly connection: 'ok' | 'reset' | 'hang';
  readonly error: { readonly status: number; readonly message: string } | undefined;
  readonly lost: boolean;
}

/** How badly the simulator behaves. The same seed and the same order of calls give the same faults. */
export class Knobs {
  readonly #random: Random;
  readonly #listeners = new Set<() => void>();
  #settings: KnobSettings = knobSettingsSchema.parse({});

  constructor(random: Random) {
    this.#random = random;
  }

  get settings(): KnobSettings {
    return this.#settings;
  }

  /** Replaces all settings: what is not given is off. Throws a ZodError for an unknown or invalid knob. */
  set(settings: KnobInput): void {
    this.#settings = knobSettingsSchema.parse(settings);
    for (const listener of this.#listeners) listener();
  }

  /** Called after each change. The result ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  fateOf(hostname: string): MachineFate | undefined {
    return this.#settings.hardware.find((entry) => matches(entry.hostname, hostname));
  }

  /** Changes the given settings only. */
  turn(settings: KnobInput): void {
    this.set({ ...this.#settings, ...settings });
  }

  reset(): void {
    this.set({});
  }

  /** The next `times` calls that fit take effect and are never answered. */
  nextLost(callPattern: string, times = 1): void {
    this.turn({ next: [...this.#settings.next, { pattern: callPattern, times, lost: true }] });
  }

  /** The next `times` calls that fit fail without effect. */
  nextError(callPattern: string, status: number, times = 1): void {
    this.turn({ next: [...this.#settings.next, { pattern: callPattern, times, status }] });
  }

  /** What happens to this call; uses up one-time faults. */
  decide(method: string, path: string): Faults {
    const fits = (callPattern: string): boolean => matchesCall(callPattern, method, path);
    const settings = this.#settings;
    const delayMs = this.#delay(fits);
    if (settings.unavailable === '503') return failing(delayMs, 503, 'Service Unavailable');
    const connection = settings.unavailable === 'no' ? 'ok' : settings.unavailable;
    const next = this.#takeNext(fits);
    if (next) {
      const error = next.status === undefined ? undefined : { status: next.status, message: next.message ?? INJECTED };
      return { delayMs, connection, error, lost: next.lost };
    }
    const failure = settings.errors.find((entry) => fits(entry.pattern) && this.#random() < entry.rate);
    if (failure) return failing(delayMs, failure.status, failure.message ?? INJECTED);
    const lost = settings.lostResponses.some((entry) => fits(entry.pattern) && this.#random() < entry.rate);
    return { delayMs, connection, error: undefined, lost };
  }

  #delay(fits: (callPattern: string) => boolean): number {
    const { latencyMs, jitterMs, slow } = this.#settings;
    const jitter = jitterMs > 0 ? this.#random() * jitterMs : 0;
    return slow
      .filter((entry) => fits(entry.pattern))
      .reduce((sum, entry) => sum + entry.latencyMs, latencyMs + jitter);
  }

  #takeNext(fits: (callPattern: string) => boolean): KnobSettings['next'][number] | undefined {
    const found = this.#settings.next.find((entry) => fits(entry.pattern));
    if (!found) return undefined;
    const next = this.#settings.next.flatMap((entry) => {
      if (entry !== found) return [entry];
      return entry.times > 1 ? [{ ...entry, times: entry.times - 1 }] : [];
    });
    this.#settings = { ...this.#settings, next };
    return found;
  }
}

const INJECTED = 'injected by the simulator';

function failing(delayMs: number, status: number, message: string): Faults {
  return { delayMs, connection: 'ok', error: { status, message }, lost: false };
}

function matchesCall(callPattern: string, method: string, path: string): boolean {
  const [first, second] = callPattern.split(' ');
  if (second !== undefined && first !== method) return false;
  return matches(second ?? first ?? '', path);
}
