// Which database a connection string names.

/** The driver's own reading of the path would call a nameless database `test`. */
export function databaseName(url: string): string {
  return decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1] ?? 'ringtag');
}
