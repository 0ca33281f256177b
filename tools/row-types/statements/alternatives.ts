/** A statement has more forms than anybody means. */
const MOST_FORMS = 300;

/** Picks one of `count` alternatives; the same one whenever it is asked about the same `subject` in one run. */
export type Choose = (subject: unknown, count: number) => number;

/** What `run` returns for each way of choosing. */
export function allAlternatives<Result>(run: (choose: Choose) => Result): Result[] {
  const results = [];
  let path: { chosen: number; count: number }[] = [];
  for (;;) {
    const subjects = new Map<unknown, number>();
    const choose: Choose = (subject, count) => {
      const place = subjects.get(subject) ?? subjects.size;
      subjects.set(subject, place);
      path[place] ??= { chosen: 0, count };
      return path[place].chosen;
    };
    results.push(run(choose));
    if (results.length > MOST_FORMS)
      throw new Error(`the statement has more than ${MOST_FORMS} forms`);
    path = path.slice(0, subjects.size);
    while (path.length > 0 && isLast(path.at(-1))) path.pop();
    const last = path.at(-1);
    if (!last) return results;
    last.chosen += 1;
  }
}

const isLast = (step: { chosen: number; count: number } | undefined) =>
  step !== undefined && step.chosen === step.count - 1;
