// `npm test`: installs what is missing, builds, runs every test runner, and adds their counts up in the last line.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

function add(name, counts) {
  if (!counts) {
    console.log(`${name}: died before it could report; counted as one failure.`);
    total.failed += 1;
    return;
  }
  for (const key of Object.keys(total)) total[key] += counts[key];
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
    // A runner that exits red with no failed test (an unhandled rejection, say) is a failure all the same.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function playwright(title, config, name) {
  const file = join(out, `${name}.json`);
  const code = await run(title, 'npx', ['playwright', 'test', '--config', config, '--reporter=list,json'], {
    allowFailure: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  const stats = readReport(file)?.stats;
  if (!stats) return undefined;
  const failed = stats.unexpected;
  return {
    passed: stats.expected + stats.flaky,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: stats.skipped,
  };
}

add('unit and contract tests', await vitest());
add('interface tests', await playwright('interface tests', 'widget/playwright.config.ts', 'widget'));
add('end-to-end tests', await playwright('end-to-end tests', 'demo/playwright.config.ts', 'e2e'));

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
