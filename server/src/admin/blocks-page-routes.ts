// GET and POST /admin/blocks, POST /admin/blocks/lift.
import { BlockRequest } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { isWide, spelledNetwork } from '../platform/networks.ts';
import { renderedPage } from '../platform/own-page.ts';
import type { Blocks } from '../public-calls/blocks.ts';
import { BLOCK_DURATIONS_MS, type BlocksShown, blocksPage } from './blocks-page.ts';
import type { Look, PageDesk } from './page-desk.ts';

export interface BlocksPageOptions {
  readonly blocks: Blocks;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function addBlocks(desk: PageDesk, { blocks, clock, logger }: BlocksPageOptions): void {
  const show = async (look: Look, wrong?: BlocksShown['wrong']) =>
    blocksPage(look, { blocks: await blocks.all(), nowMs: clock.now(), wrong });

  desk.page('/admin/blocks', (look) => show(look));

  desk.form('/admin/blocks', async (look, c) => {
    const { network, reason = '', for: duration = 'always' } = look.sent;
    const forMs = BLOCK_DURATIONS_MS[duration];
    const asked = BlockRequest.safeParse({ network, reason, ...(forMs === undefined ? {} : { forMs }) });
    const spelled = asked.success ? spelledNetwork(asked.data.network) : undefined;
    if (!asked.success || spelled === undefined || isWide(spelled)) {
      c.set('refusal', 'INVALID_INPUT');
      return renderedPage(c, await show(look, spelled === undefined ? 'none' : 'wide'), 400);
    }
    const { forMs: lasts, ...what } = asked.data;
    const block = await blocks.add({
      ...{ ...what, network: spelled, by: look.who },
      ...(lasts === undefined ? {} : { forMs: lasts }),
    });
    logger.info({ blockId: block.id }, 'a network was blocked');
    return desk.go(look, c, '/admin/blocks', { done: 'blocked' });
  });

  desk.form('/admin/blocks/lift', async (look, c) => {
    const blockId = look.sent.block ?? '';
    const isLifted = await blocks.lift(blockId);
    if (isLifted) logger.info({ blockId }, 'a block was lifted');
    return desk.go(look, c, '/admin/blocks', { done: isLifted ? 'lifted' : 'gone' });
  });
}
