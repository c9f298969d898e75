import { fileURLToPath } from 'node:url';
import { ensureParts } from '../../landscape/parts/ensure.ts';
import { createProgress } from '../../landscape/progress.ts';
import { measureAdmission } from './admission.ts';
import { describeAdmission } from './admission-report.ts';
import { benchControllers } from './controllers.ts';
import { benchMachines } from './machines.ts';

const requests = Number(process.env.REQUESTS ?? '3000');
const rounds = Number(process.env.ROUNDS ?? '3');

const progress = createProgress();
const parts = await ensureParts({ progress });
const dir = fileURLToPath(new URL(`../../.landscape/bench-${process.pid}`, import.meta.url));

const benches: Readonly<Record<string, () => Promise<string>>> = {
  admission: async () => {
    const step = progress.step('admission');
    const figures = await measureAdmission({ dir, parts, requests, rounds });
    step.done();
    return describeAdmission(figures);
  },
  controllers: () => benchControllers({ dir, parts, progress }),
  machines: () => benchMachines({ dir, parts, progress }),
};

const asked = process.env.BENCH ?? 'all';
const names = asked === 'all' ? Object.keys(benches) : [asked];
const reports: string[] = [];
for (const name of names) {
  const bench = benches[name];
  if (!bench) throw new Error(`BENCH=${name}: must be ${Object.keys(benches).join(', ')} or all`);
  reports.push(await bench());
}
progress.close();
process.stdout.write(reports.join(''));
