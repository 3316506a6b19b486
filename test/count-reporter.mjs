// A vitest reporter that writes what npm test adds up: counts, the name of every failed test, and the reason of every skip.
import { writeFileSync } from 'node:fs';

export default class CountReporter {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: errors.map((error) => `vitest: ${error.message}`), skipped: [] };
    for (const module of modules) {
      for (const error of module.errors()) counts.failed.push(`${module.relativeModuleId}: ${error.message}`);
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed')
          counts.failed.push(`${module.relativeModuleId}: ${test.fullName}`);
        else counts.skipped.push(`${test.fullName}: ${result.note ?? 'no reason given'}`);
      }
    }
    writeFileSync(process.env.BRINGUP_COUNTS, JSON.stringify(counts));
  }
}
