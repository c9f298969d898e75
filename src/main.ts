import { admissionCommand } from './commands/admission.ts';
import { controllersCommand } from './commands/controllers.ts';
import { runCommand } from './commands/run.ts';

process.exitCode = await runCommand([admissionCommand, controllersCommand], process.argv.slice(2));
