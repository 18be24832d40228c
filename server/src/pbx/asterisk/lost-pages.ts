// Which pages have gone away and come back: a browser's line registers under a name that its page invents when it
// loads, and keeps over every loss of the network. One that registers under another name has forgotten its calls, but
// Asterisk would wait for half a minute for their sound. Pure.
import { z } from 'zod';

const Registered = z.object({
  type: z.literal('ContactStatusChange'),
  endpoint: z.object({ resource: z.string() }),
  contact_info: z.object({
    uri: z.string(),
    contact_status: z.enum(['Created', 'NonQualified', 'Reachable']),
  }),
});

/** `sip:j91pmjb5@127.0.0.1:41268;transport=WS;…`: telephones have names of their own, which say nothing of calls. */
const PAGE = /^sips?:([^@;]+)@[^;]*;(?:.*;)?transport=wss?(?:;|$)/i;

export class LostPages {
  readonly #names = new Map<string, string>();

  /** The endpoint whose page is another one now than it was at its last registration, if this event of ARI says so. */
  hear(event: unknown): string | undefined {
    const parsed = Registered.safeParse(event);
    if (!parsed.success) return undefined;
    const { endpoint, contact_info: contact } = parsed.data;
    const name = PAGE.exec(contact.uri)?.[1];
    if (name === undefined) return undefined;
    const before = this.#names.get(endpoint.resource);
    this.#names.set(endpoint.resource, name);
    return before === undefined || before === name ? undefined : endpoint.resource;
  }

  /** Its credentials are gone. */
  forget(endpoint: string): void {
    this.#names.delete(endpoint);
  }
}
