import type { Validator } from '../validators/span.ts';

/** Whether a judge takes the part of a text that stands between ⟨ and ⟩. */
export function takes(judge: Validator, marked: string, field = 'url.query'): boolean {
  const start = marked.indexOf('⟨');
  const end = marked.indexOf('⟩') - 1;
  return judge(marked.replace('⟨', '').replace('⟩', ''), { start, end }, field) !== undefined;
}
