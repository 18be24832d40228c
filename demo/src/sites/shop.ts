// Fills the shop's page: its words in the visitor's language, its instruments, and the one that is looked at.
import { ARTICLES, type Article, CATALOGUE, isArticle } from './instruments.ts';
import {
  isShopLanguage,
  SHOP_LANGUAGES,
  SHOP_TEXTS,
  type ShopLanguage,
  type ShopTexts,
} from './shop-texts.ts';

/** Asked for in the page's address, and else the first that the browser likes. */
export function shopLanguage(asked: string | null, accepted = ''): ShopLanguage {
  if (isShopLanguage(asked)) return asked;
  const liked = accepted.split(',').map((range) => range.trim().slice(0, 2).toLowerCase());
  return liked.find(isShopLanguage) ?? 'en';
}

const link = (lang: ShopLanguage, article: Article) => `?article=${article}&amp;lang=${lang}`;

function card(article: Article, lang: ShopLanguage, shown: Article): string {
  const { name, short } = SHOP_TEXTS[lang].articles[article];
  return `<li><a href="${link(lang, article)}#article" data-article="${article}"${article === shown ? ' aria-current="true"' : ''}>
<img src="/pictures/${article}.svg" alt="" width="400" height="400"><span class="name">${name}</span><span class="short">${short}</span><span class="price">${CATALOGUE[article].price}</span></a></li>`;
}

function panel(article: Article, texts: ShopTexts, shown: Article): string {
  const { name, long } = texts.articles[article];
  const staff = CATALOGUE[article];
  return `<article data-article="${article}" data-name="${staff.name}" data-price="${staff.price}"${article === shown ? '' : ' hidden'}>
<img src="/pictures/${article}.svg" alt="" width="400" height="400"><div><p class="look">${texts.look}</p><h3>${name}</h3><p>${long}</p><p class="price">${staff.price}</p></div></article>`;
}

function switchTo(lang: ShopLanguage, shown: Article): string {
  return Object.entries(SHOP_LANGUAGES)
    .map(([code, name]) => {
      const to = isShopLanguage(code) ? code : 'en';
      const now = code === lang ? ' aria-current="true"' : '';
      return `<a href="${link(to, shown)}" lang="${code}" hreflang="${code}"${now}><abbr title="${name}">${code.toUpperCase()}</abbr></a>`;
    })
    .join('');
}

/** What stands in the places `{{NAME}}` of the page. */
export function shopValues(lang: ShopLanguage, asked: string | null): Record<string, string> {
  const texts = SHOP_TEXTS[lang];
  const shown = isArticle(asked) ? asked : 'tide-clock';
  const { articles, ...words } = texts;
  return {
    ...words,
    lang,
    cards: ARTICLES.map((article) => card(article, lang, shown)).join('\n'),
    panels: ARTICLES.map((article) => panel(article, texts, shown)).join('\n'),
    switch: switchTo(lang, shown),
    product: CATALOGUE[shown].name,
    price: CATALOGUE[shown].price,
  };
}
