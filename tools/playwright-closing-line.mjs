// Playwright reporter: ends with the tests that failed and `browser: N passed, N failed`, as jest-closing-line.cjs does.
export default class ClosingLine {
  #tests = new Map();

  onTestEnd(test, { status }) {
    this.#tests.set(test, status === 'passed' || status === 'skipped' ? status : 'failed');
  }

  onEnd({ status }) {
    const ended = Object.groupBy(this.#tests, ([, outcome]) => outcome);
    const { passed = [], failed = [], skipped = [] } = ended;
    for (const [test] of failed) console.log(`browser: failed: ${test.title}`);
    const broken = failed.length === 0 && status !== 'passed' ? 1 : 0;
    const omitted = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
    console.log(`browser: ${passed.length} passed, ${failed.length + broken} failed${omitted}`);
  }
}
