// The tag's options are its attributes (decision 14). Reads them once; refuses nothing: an odd value is as if absent.

/** What the integrator wrote on the script tag. */
export interface TagOptions {
  /** Origin of the hub: where the script came from. */
  readonly hubUrl: string;
  /** `data-roots`: CSS selector of the parts of the page whose people become callable; empty: none. */
  readonly roots: string;
  /** `data-launcher`: put a launcher on the page if it has none. */
  readonly launcher: boolean;
  /** `data-lang`: BCP 47 tag; else the page's. */
  readonly lang: string;
}

/** Finds the script by its own URL: `document.currentScript` is null in a module. */
export function readOptions(moduleUrl: string, doc: Document): TagOptions {
  const script = [...doc.scripts].find((candidate) => candidate.src === moduleUrl);
  return {
    hubUrl: new URL(moduleUrl).origin,
    roots: script?.dataset.roots ?? '',
    launcher: script?.dataset.launcher !== undefined,
    lang: script?.dataset.lang || doc.documentElement.lang || navigator.language,
  };
}
