// The shop's three instruments, and their pictures: drawn here, so that no photograph is needed.

export const ARTICLES = ['tide-clock', 'barometer', 'hygrometer'] as const;
export type Article = (typeof ARTICLES)[number];

export function isArticle(name: string | null | undefined): name is Article {
  return ARTICLES.some((article) => article === name);
}

/** As the staff know them, in the shop's own language: goes with a call as its context. */
export const CATALOGUE: Readonly<Record<Article, { readonly name: string; readonly price: string }>> = {
  'tide-clock': { name: 'Tide clock, large', price: '£ 340' },
  barometer: { name: 'Aneroid barometer', price: '£ 215' },
  hygrometer: { name: 'Hygrometer', price: '£ 86' },
};

interface Dial {
  readonly wall: readonly [string, string];
  readonly face: string;
  readonly ink: string;
  /** From the first tick to the last, degrees clockwise from the top. */
  readonly sweep: readonly [number, number];
  readonly ticks: number;
  /** Each so many-th tick is long and has the next of these letters. */
  readonly every: number;
  readonly letters: readonly string[];
  /** Where the hand points, degrees. */
  readonly hand: number;
  readonly inside: string;
}

const WATER =
  '<path d="M42 216c36-15 60 10 98 0s60-10 98 0 60 10 120-6a158 158 0 0 1-316 6z" fill="#2f6f8f" opacity=".3"/>';
const MOON =
  '<circle cx="264" cy="262" r="22" fill="#17364d"/><circle cx="273" cy="257" r="19" fill="#f4efe3"/>';
const HAIR =
  '<path d="M140 282c34 26 86 26 120 0" fill="none" stroke="#a87a33" stroke-width="10" opacity=".55"/>';

const DIALS: Readonly<Record<Article, Dial>> = {
  'tide-clock': {
    wall: ['#1d4560', '#0e2a3f'],
    ...{ face: '#f4efe3', ink: '#14202b', sweep: [0, 330], ticks: 12, every: 3 },
    ...{ letters: ['HIGH', '3', 'LOW', '3'], hand: -42, inside: WATER + MOON },
  },
  barometer: {
    wall: ['#6b4628', '#432a17'],
    ...{ face: '#f7efdd', ink: '#2c1b0e', sweep: [-130, 130], ticks: 27, every: 6 },
    ...{ letters: ['960', '980', '1000', '1020', '1040'], hand: 38, inside: '' },
  },
  hygrometer: {
    wall: ['#3f6757', '#25423a'],
    ...{ face: '#eef4f1', ink: '#15302a', sweep: [-120, 120], ticks: 21, every: 5 },
    ...{ letters: ['0', '25', '50', '75', '100'], hand: -18, inside: HAIR },
  },
};

function at(degrees: number, radius: number): { readonly x: number; readonly y: number } {
  const turn = ((degrees - 90) * Math.PI) / 180;
  return { x: Math.round(200 + radius * Math.cos(turn)), y: Math.round(200 + radius * Math.sin(turn)) };
}

function scale({ sweep: [from, to], ticks, every, letters, ink }: Dial): string {
  return Array.from({ length: ticks }, (_, index) => {
    const degrees = from + ((to - from) * index) / (ticks - 1);
    const isLong = index % every === 0;
    const [outer, inner] = [at(degrees, 146), at(degrees, isLong ? 122 : 134)];
    const line = `<path d="M${outer.x} ${outer.y}L${inner.x} ${inner.y}" stroke="${ink}" stroke-width="${isLong ? 5 : 2.5}"/>`;
    const letter = isLong ? letters[index / every] : undefined;
    if (letter === undefined) return line;
    const place = at(degrees, 98);
    return `${line}<text x="${place.x}" y="${place.y + 8}" fill="${ink}">${letter}</text>`;
  }).join('');
}

/** An SVG picture of 400 × 400. */
export function instrumentSvg(article: Article): string {
  const dial = DIALS[article];
  const [tip, tail] = [at(dial.hand, 118), at(dial.hand + 180, 34)];
  const [light, dark] = dial.wall;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
<defs>
<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></linearGradient>
<linearGradient id="brass" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#f3dca6"/><stop offset=".45" stop-color="#b98a3f"/><stop offset=".6" stop-color="#8a6128"/><stop offset="1" stop-color="#e2bd76"/></linearGradient>
<radialGradient id="glass" cx=".35" cy=".28" r=".8"><stop offset="0" stop-color="#fff" stop-opacity=".55"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/></radialGradient>
</defs>
<rect width="400" height="400" fill="url(#wall)"/>
<ellipse cx="204" cy="214" rx="184" ry="180" fill="#000" opacity=".28"/>
<circle cx="200" cy="200" r="182" fill="url(#brass)"/><circle cx="200" cy="200" r="164" fill="#6f4d1e"/>
<circle cx="200" cy="200" r="158" fill="${dial.face}"/>${dial.inside}
<g font-family="Georgia,serif" font-size="23" font-weight="700" text-anchor="middle">${scale(dial)}</g>
<path d="M${tail.x} ${tail.y}L${tip.x} ${tip.y}" stroke="${dial.ink}" stroke-width="7" stroke-linecap="round"/>
<circle cx="200" cy="200" r="12" fill="url(#brass)"/><circle cx="200" cy="200" r="158" fill="url(#glass)"/>
</svg>`;
}
