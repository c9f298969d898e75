import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { decodeControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import { systemClock } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import { createKubeClient } from '../kube/http-client.ts';
import { createMemoryStore } from '../kube/memory/store.ts';
import { InputError } from '../plan/documents.ts';
import { credentialTexts, generatedTexts } from '../plan/generated.ts';
import { type PlanInput, sortInput } from '../plan/input.ts';
import { planAsDiff, planAsJson, planAsYaml } from '../plan/output.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { redact } from '../plan/redact.ts';
import { summaryOf } from '../plan/summary.ts';
import { readDefaultOptions } from '../providers/metal/admission/default-options.ts';
import { createImages } from '../providers/metal/images.ts';
import { loadManifests } from '../providers/metal/manifests/load.ts';
import { createLogger } from '../telemetry/log.ts';
import { ExitError } from './exit.ts';
import type { FlagValues } from './flags.ts';
import { isUsageError, UsageError } from './flags.ts';
import { readImageVector } from './image-vector.ts';
import { readObjects } from './plan-files.ts';
import type { planFlags } from './plan-flags.ts';

type PlanValues = FlagValues<typeof planFlags>;

const exitCodes = { differences: 1, broken: 2, refused: 3, failing: 4 } as const;

export async function runPlan(values: PlanValues, signal: AbortSignal): Promise<void> {
  if (values.filename.length === 0) throw new UsageError('-f is required: the file of a Shoot');
  if (values.kubeconfig && !values.diff) throw new UsageError('--kubeconfig is for --diff: add it');
  const plan = await planned(values, signal).catch((unknown: unknown) => {
    const error = toError(unknown);
    if (isUsageError(error)) throw error;
    if (error instanceof InputError) throw new UsageError(error.message);
    throw new ExitError(exitCodes.broken, error.message);
  });
  print(plan, values);
  const { verdict, steps, objects } = plan;
  if (verdict.faults.length > 0) throw new ExitError(exitCodes.refused);
  if (steps.some(({ error }) => error)) throw new ExitError(exitCodes.failing);
  if (values.diff && objects.length > 0) throw new ExitError(exitCodes.differences);
}

async function planned(values: PlanValues, signal: AbortSignal): Promise<Plan> {
  const input = sortInput(await readObjects(values.filename), values.shoot);
  const seed = values.diff
    ? createKubeClient({ kubeconfig: values.kubeconfig, userAgent: 'espalier/plan' })
    : undefined;
  try {
    const plan = await makePlan({
      input,
      store: createMemoryStore(systemClock),
      config: configOf(input),
      defaults: readDefaultOptions(process.env).options,
      images: createImages(await readImageVector(process.env.IMAGEVECTOR_OVERWRITE)),
      manifests: await loadManifests(),
      nodeCIDRs: values['node-cidr'],
      seedApiHost: values['seed-api-host'],
      seed,
      clock: systemClock,
      log: createLogger({ name: 'espalier', level: 'error', format: 'text' }),
      signal,
    });
    const hidden = [...generatedTexts(plan.objects), ...input.secrets.flatMap(({ data }) => credentialTexts(data))];
    const shown = plan.objects.map((object) => redact(object, hidden));
    return { ...plan, objects: shown.filter(({ before, after }) => !isDeepStrictEqual(before, after)) };
  } finally {
    await seed?.close();
  }
}

function configOf({ configuration }: PlanInput) {
  if (!configuration) return undefined;
  try {
    const { config, unknownFields } = decodeControllerConfiguration(configuration);
    if (unknownFields.length > 0) {
      process.stderr.write(
        `Unknown fields of the ControllerConfiguration have no effect: ${unknownFields.join(', ')}\n`,
      );
    }
    return config;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new UsageError(`the ControllerConfiguration is wrong:\n${problems.join('\n')}`);
  }
}

function print(plan: Plan, { output, diff }: PlanValues): void {
  const summary = summaryOf(plan);
  if (output === 'summary') {
    process.stdout.write(summary);
    return;
  }
  process.stderr.write(summary);
  if (output === 'json') process.stdout.write(planAsJson(plan));
  else process.stdout.write(diff ? planAsDiff(plan) : planAsYaml(plan));
}
