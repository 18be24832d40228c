// What the benchmarks' child processes share: they say when they are ready, tell what they use when asked, and go when
// their parent goes. Run with --expose-gc.

/** @param {number} port */
export function answerGauge(port) {
  process.on('message', ({ ask }) => {
    if (ask === 'collect') {
      // Twice: what finalizers let go of is only gone the second time.
      globalThis.gc();
      globalThis.gc();
    }
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send({ cpuUs: user + system, rssBytes: rss, heapBytes: heapUsed + external });
  });
  process.once('disconnect', () => process.exit(0));
  process.send({ ready: port });
}
