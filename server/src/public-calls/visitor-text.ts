// What strangers write to people (chat, messages that they leave): lines stay lines and emoji stay whole, but nothing
// steers a terminal or turns the direction of the text around it (Unicode UAX #9 §2).

const STEERING = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** Lines end in LF alone; empty where nothing is left. */
export function visitorText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(STEERING, (character) => (character === '\n' ? character : ''))
    .trim();
}
