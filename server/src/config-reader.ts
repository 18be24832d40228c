// What the parts of the configuration are read with: one reader that collects problems, and the questions that several
// variables share.

/** The environment, or what stands for it. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  readonly variable: string;
  readonly problem: string;
}

/** Collects problems, so that one start tells all of them. */
export class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  /** The trimmed value; empty counts as absent. */
  optional(variable: string): string | undefined {
    const value = this.#env[variable]?.trim();
    return value === '' ? undefined : value;
  }

  required(variable: string, why = 'is required'): string {
    const value = this.optional(variable);
    if (value === undefined) this.report(variable, why);
    return value ?? '';
  }

  report(variable: string, problem: string): void {
    this.problems.push({ variable, problem });
  }
}

/** The parts between commas. */
export function splitList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
