// What failed, a paragraph each, from the reports of vitest and Playwright: title, file, and why.
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './run-step.mjs';

const lines = 12;

/** @param {string} title @param {string | undefined} message */
function paragraph(title, message = '') {
  const own = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => !line.includes('node_modules'));
  const why = own.slice(0, lines);
  return [title, ...why].join('\n    ').trimEnd();
}

/** @param {{ testResults: any[] }} report vitest's JSON report */
export function vitestFailures(report) {
  return report.testResults.flatMap((file) => {
    const name = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (file.status === 'failed' && failed.length === 0) return [paragraph(name, file.message)];
    return failed.map((test) => paragraph(`${name} › ${test.fullName}`, test.failureMessages.join('\n')));
  });
}

/** @param {{ suites?: any[], errors?: any[] }} report Playwright's JSON report */
export function playwrightFailures(report) {
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const failed = (report.suites ?? []).flatMap(specs).filter((spec) => !spec.ok);
  const tests = failed.map((spec) => {
    const results = spec.tests.flatMap((test) => test.results);
    const error = results.flatMap((result) => result.errors ?? [])[0];
    return paragraph(`${spec.file}:${spec.line} › ${spec.title}`, error?.message);
  });
  return [...tests, ...(report.errors ?? []).map((error) => paragraph('outside a test', error.message))];
}
