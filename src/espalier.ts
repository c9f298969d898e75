import { admissionCommand } from './commands/admission.ts';
import { controllersCommand } from './commands/controllers.ts';
import { doctorCommand } from './commands/doctor.ts';
import { machineControllerCommand } from './commands/machine-controller.ts';
import { planCommand } from './commands/plan.ts';
import { runCommand } from './commands/run.ts';

/** Runs the command that the arguments name and resolves with the exit code. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand([admissionCommand, controllersCommand, machineControllerCommand, planCommand, doctorCommand], args);
}
