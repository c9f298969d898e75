import { YAMLException } from 'js-yaml';

/** What is wrong with a text, and where: nothing of the text itself, which js-yaml shows. There may be keys and tokens in it. */
export function yamlProblem(error: unknown): string {
  if (!(error instanceof YAMLException)) return 'it cannot be read';
  const reason = error.reason.replaceAll(/"[^"]*"/g, '"..."');
  return error.mark ? `${reason} in line ${error.mark.line + 1}` : reason;
}
