// Jest reporter: ends each suite with `<project>: N passed, N failed`, which people and CI read at a glance.
module.exports = class ClosingLine {
  onRunComplete(contexts, results) {
    const name = [...contexts][0]?.config.displayName?.name ?? 'tests';
    const broken = results.testResults.filter((file) => file.testExecError).length;
    const skipped = results.numPendingTests + results.numTodoTests;
    console.log(
      `${name}: ${results.numPassedTests} passed, ${results.numFailedTests + broken} failed${skipped ? `, ${skipped} skipped` : ''}`,
    );
  }
};
