// `npm test`: installs what is missing, builds, runs every test runner, and adds their counts up in the last line.
// Whatever failed is named again just above that line, where a reader of a long log's end finds it.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { playwrightFailures, vitestFailures } from './failures.mjs';
import { installAsterisk, installBrowsers, installPackages, readReport } from './prepare.mjs';
import { root, run } from './run-step.mjs';

const out = join(root, 'test-results');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

await installPackages();
await installBrowsers();
await installAsterisk();
await run('build', 'node', ['.ci/build.mjs'], { quiet: true });

const total = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failures = [];

function add(name, counts) {
  if (!counts) {
    failures.push(`${name}: died before it could report; counted as one failure.`);
    total.failed += 1;
    return;
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
  failures.push(...counts.failures);
  // A runner that exits red with no failed test (an unhandled rejection, say) is a failure all the same.
  if (counts.code !== 0 && counts.failed === 0) {
    failures.push(
      `${name}: exit code ${counts.code} though no test failed; what was thrown outside a test is above.`,
    );
    total.failed += 1;
  }
}

async function vitest() {
  const file = join(out, 'vitest.json');
  const args = ['vitest', 'run', '--config', '.ci/vitest.config.ts', '--reporter=default', '--reporter=json'];
  const code = await run('unit and contract tests', 'npx', [...args, `--outputFile.json=${file}`], {
    allowFailure: true,
  });
  const report = readReport(file);
  if (!report) return undefined;
  const failed =
    report.numFailedTests +
    report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
  return {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: vitestFailures(report),
    code,
  };
}

async function playwright(title, config, name) {
  const file = join(out, `${name}.json`);
  const code = await run(title, 'npx', ['playwright', 'test', '--config', config, '--reporter=list,json'], {
    allowFailure: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  const report = readReport(file);
  if (!report) return undefined;
  const { expected, flaky, unexpected, skipped } = report.stats;
  return {
    passed: expected + flaky,
    failed: unexpected,
    skipped,
    failures: playwrightFailures(report),
    code,
  };
}

add('unit and contract tests', await vitest());
add('interface tests', await playwright('interface tests', 'widget/playwright.config.ts', 'widget'));
add('end-to-end tests', await playwright('end-to-end tests', 'demo/playwright.config.ts', 'e2e'));

for (const failure of failures) console.log(`✘ ${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
