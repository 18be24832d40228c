// How this device is called in "Your devices": browser and system, nothing finer.

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** "Firefox on Linux". */
export function deviceName(userAgent: string): string {
  const name = (list: typeof BROWSERS, other: string) =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? other;
  return `${name(BROWSERS, 'Browser')} on ${name(SYSTEMS, 'this computer')}`;
}
