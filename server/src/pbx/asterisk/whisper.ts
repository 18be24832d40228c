// Says a sentence to one side of a call that goes on: a channel of Asterisk's own that is heard there and hears nothing,
// speaks as soon as it is there, and is taken away when it has spoken. What it is to say is in its name's company, so
// that a hub which has just started ends what the one before it began.
import { z } from 'zod';
import type { Logger } from '../../platform/logger.ts';
import { APPLICATION, type Ari } from './ari.ts';
import type { Sentence } from './guest-warnings.ts';

export interface Whisper {
  /** Never rejects: without Asterisk nothing is said. */
  say(channelId: string, words: { readonly sentence: Sentence; readonly language: string }): Promise<void>;
  /** An event of ARI. */
  hear(event: unknown): void;
}

const PREFIX = 'whisper-';

const VoiceEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('StasisStart'),
    channel: z.object({ id: z.string().startsWith(PREFIX) }),
    args: z.tuple([z.string(), z.string()]),
  }),
  z.object({
    type: z.literal('PlaybackFinished'),
    playback: z.object({ target_uri: z.string().startsWith(`channel:${PREFIX}`) }),
  }),
]);

export function createWhisper({ ari, logger }: { readonly ari: Ari; readonly logger: Logger }): Whisper {
  async function ask(method: 'POST' | 'DELETE', path: string): Promise<void> {
    try {
      const { status } = await ari.request(method, path);
      // 404: the call has ended meanwhile.
      if (status >= 400 && status !== 404) logger.warn({ status }, 'Asterisk would not speak to a channel');
    } catch (err) {
      logger.warn({ err }, 'nothing could be said to a channel: Asterisk does not answer');
    }
  }

  const channels = (id: string) => `channels/${encodeURIComponent(id)}`;
  return {
    say(channelId, { sentence, language }) {
      const voice = `${PREFIX}${sentence}-${channelId}`;
      const how = `app=${APPLICATION}&appArgs=${sentence},${language}&spy=none&whisper=out`;
      return ask('POST', `${channels(channelId)}/snoop/${encodeURIComponent(voice)}?${how}`);
    },
    hear(event) {
      const parsed = VoiceEvent.safeParse(event);
      if (!parsed.success) return;
      if (parsed.data.type === 'StasisStart') {
        const { channel, args } = parsed.data;
        const [sentence, language] = args.map(encodeURIComponent);
        void ask('POST', `${channels(channel.id)}/play?media=sound:${sentence}&lang=${language}`);
      } else {
        void ask('DELETE', channels(parsed.data.playback.target_uri.slice('channel:'.length)));
      }
    },
  };
}
