// What one part of the soak reports: a line of its table, good or bad.

export interface Report {
  /** What was done to whom. */
  readonly what: string;
  /** What was seen, with figures. */
  readonly seen: string;
  readonly good: boolean;
}

/** Turns a part that throws into a bad line, so that the others go on. */
export async function report(what: string, part: () => Promise<string>): Promise<Report> {
  try {
    return { what, seen: await part(), good: true };
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n').filter(Boolean);
    return { what, seen: lines.slice(0, 6).join(' '), good: false };
  }
}
