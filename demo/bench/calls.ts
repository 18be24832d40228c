// The call benchmarks: a fresh stage for each part, so that neither finds what the other left behind.
import { measurePbxCalls } from './pbx-calls.ts';
import { measureRoomCalls } from './room-calls.ts';
import type { Finding } from './row.ts';
import { openStage } from './stage.ts';

type Say = (line: string) => void;

export async function benchRoomCalls(_: ReadonlySet<string>, say: Say): Promise<Finding[]> {
  const stage = await openStage({ telephone: false, say });
  return measureRoomCalls(stage).finally(() => stage.close());
}

export async function benchPbxCalls(_: ReadonlySet<string>, say: Say): Promise<Finding[]> {
  const stage = await openStage({ telephone: true, say });
  try {
    const { telephone } = stage.world;
    if (!telephone) {
      say('pbx-ring-p95-ms, pbx-sound-p95-ms are left out: no Asterisk can be had on this machine');
      return [];
    }
    return await measurePbxCalls(stage, telephone);
  } finally {
    await stage.close();
  }
}
