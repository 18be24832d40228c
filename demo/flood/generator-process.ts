// The process of hostile visitors: one flood at a time, begun and ended by its parent, gone with it.
import { type Flood, type FloodOrder, startFlood } from './generator.ts';

export type GeneratorOrder = { readonly start: FloodOrder } | { readonly stop: true };

let flood: Flood | undefined;
let cpuBefore = process.cpuUsage();

process.on('message', (order: GeneratorOrder) => {
  if ('start' in order) {
    cpuBefore = process.cpuUsage();
    flood = startFlood(order.start);
    return;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  void flood?.stop().then((tally) => process.send?.({ tally, cpuMs: (user + system) / 1_000 }));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: 0 });
