// The process of squatters: one squat at a time, begun and ended by its parent, gone with it.
import { type Squat, type SquatOrder, startSquat } from './squatters.ts';

export type SquattersOrder = { readonly start: SquatOrder } | { readonly stop: true };

let squat: Squat | undefined;

process.on('message', (order: SquattersOrder) => {
  if ('start' in order) squat = startSquat(order.start);
  else void squat?.stop().then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: 0 });
