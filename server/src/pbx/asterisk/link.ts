// The live side of Asterisk: what ARI tells about contacts and channels, kept current over every loss of the
// connection, and the one thing done through it, ending calls.
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { openAri } from './ari.ts';
import {
  AriEvent,
  type Bridge,
  BridgeList,
  type Channel,
  ChannelList,
  EndpointList,
  endpointOf,
  LiveState,
} from './live-state.ts';
import { createWhisper, type Whisper } from './whisper.ts';

export interface LinkOptions {
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onAvailable: (available: boolean) => void;
  /** The answers about this endpoint may have changed. */
  readonly onEndpoint: (endpoint: string) => void;
  /** Every event, as it came. */
  readonly onEvent?: (event: unknown) => void;
  /** All channels, and what joins them, after a connection was made. */
  readonly onChannels?: (channels: readonly Channel[], bridges: readonly Bridge[]) => void;
}

export interface AsteriskLink {
  /** Asterisk answers, and its lists have been read. */
  readonly available: boolean;
  readonly live: LiveState;
  /** Ends every channel of the endpoint. Never rejects: without Asterisk there is nothing to end. */
  endChannels(endpoint: string): Promise<void>;
  /** Ends one, for this Q.850 cause where one is given. Never rejects. */
  hangUp(channelId: string, cause?: number): Promise<void>;
  say: Whisper['say'];
  /** The endpoint whose channel has this Call-ID. Never rejects: without Asterisk there is none. */
  ownerOfDialog(sipCallId: string): Promise<string | undefined>;
  close(): void;
}

/** Connects in the background, and again whenever the connection is lost. */
export function openLink(options: LinkOptions): AsteriskLink {
  const { logger, onAvailable, onEndpoint } = options;
  const live = new LiveState();
  let available = false;

  const ari = openAri({
    url: options.ariUrl,
    user: options.ariUser,
    password: options.ariPassword,
    clock: options.clock,
    onConnected: (connected) => (connected ? void readLists() : setAvailable(false)),
    onEvent: (event) => {
      const parsed = AriEvent.safeParse(event);
      const endpoint = parsed.success ? live.apply(parsed.data) : undefined;
      if (endpoint !== undefined) onEndpoint(endpoint);
      whisper.hear(event);
      options.onEvent?.(event);
    },
  });
  const whisper = createWhisper({ ari, logger });

  function setAvailable(value: boolean): void {
    if (value === available) return;
    available = value;
    logger.info({ available }, 'telephone calls became possible or impossible');
    onAvailable(value);
  }

  /** The socket is open before the lists are asked for, so that no event falls between the two. */
  async function readLists(): Promise<void> {
    try {
      const [endpoints, channels, bridges] = await Promise.all([
        ari.request('GET', 'endpoints/PJSIP'),
        ari.request('GET', 'channels'),
        ari.request('GET', 'bridges'),
      ]);
      // 404: no endpoint has been seen yet.
      const known = endpoints.status === 404 ? [] : EndpointList.parse(endpoints.body);
      const present = ChannelList.parse(channels.body);
      // 404: an Asterisk without that part of ARI.
      const joined = bridges.status === 404 ? [] : BridgeList.parse(bridges.body);
      const changed = live.reset(known, present);
      setAvailable(true);
      for (const endpoint of changed) onEndpoint(endpoint);
      options.onChannels?.(present, joined);
    } catch (err) {
      logger.warn({ err }, 'Asterisk answered ARI in a way that could not be read');
      ari.reconnect();
    }
  }

  return {
    get available() {
      return available;
    },
    live,
    async endChannels(endpoint) {
      try {
        const { body } = await ari.request('GET', 'channels');
        const own = ChannelList.parse(body).filter((channel) => endpointOf(channel.name) === endpoint);
        await Promise.all(own.map(({ id }) => ari.request('DELETE', `channels/${encodeURIComponent(id)}`)));
      } catch (err) {
        logger.warn(
          { err, endpoint },
          'calls of a revoked endpoint could not be ended: Asterisk does not answer',
        );
      }
    },
    say: whisper.say,
    async hangUp(channelId, cause) {
      const why = cause === undefined ? '' : `?reason_code=${cause}`;
      try {
        await ari.request('DELETE', `channels/${encodeURIComponent(channelId)}${why}`);
      } catch (err) {
        logger.warn({ err }, 'a call could not be ended: Asterisk does not answer');
      }
    },
    async ownerOfDialog(sipCallId) {
      try {
        const { body } = await ari.request('GET', 'channels');
        const channel = ChannelList.parse(body).find(({ protocol_id: id }) => id === sipCallId);
        return channel && endpointOf(channel.name);
      } catch (err) {
        logger.warn({ err }, 'whose dialog it is could not be asked: Asterisk does not answer');
        return undefined;
      }
    },
    close: () => ari.close(),
  };
}
