// Jest reporter: ends each suite with the tests that failed and `<project>: N passed, N failed`, which people and CI read at a glance.
module.exports = class ClosingLine {
  onRunComplete(contexts, results) {
    const name = [...contexts][0]?.config.displayName?.name ?? 'tests';
    const broken = results.testResults.filter((file) => file.testExecError);
    const skipped = results.numPendingTests + results.numTodoTests;
    for (const failure of [
      ...broken.map(({ testFilePath }) => testFilePath),
      ...failedTests(results),
    ])
      console.log(`${name}: failed: ${failure}`);
    console.log(
      `${name}: ${results.numPassedTests} passed, ${results.numFailedTests + broken.length} failed${skipped ? `, ${skipped} skipped` : ''}`,
    );
  }
};

function failedTests({ testResults }) {
  return testResults.flatMap((file) =>
    file.testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
}
