import { expect, test } from 'vitest';
import { LogError } from './errors.ts';
import { GroupCommit } from './group-commit.ts';

function commitsOn(transaction: <T>(action: () => T) => Promise<T>, stuckAfterMs?: number): GroupCommit {
  return new GroupCommit({ transaction }, () => undefined, () => undefined, stuckAfterMs);
}

test('what is submitted before a transaction begins shares it, in order', async () => {
  let transactions = 0;
  const ran: number[] = [];
  const commits = commitsOn(async (action) => {
    transactions++;
    return action();
  });
  const results = await Promise.all([1, 2, 3].map(async (n) => commits.submit(10, () => ran.push(n))));
  expect(results).toEqual([1, 2, 3]);
  expect(ran).toEqual([1, 2, 3]);
  expect(transactions).toBe(1);
});

test('a group ends before it grows too large, but a single large operation goes alone', async () => {
  let transactions = 0;
  const commits = commitsOn(async (action) => {
    transactions++;
    return action();
  });
  await Promise.all([3e6, 3e6, 100e6, 1].map(async (bytes) => commits.submit(bytes, () => undefined)));
  expect(transactions).toBe(4);
});

test('a refused operation is alone in failing', async () => {
  const commits = commitsOn(async (action) => action());
  const answers = await Promise.allSettled([
    commits.submit(1, () => 'a'),
    commits.submit(1, () => {
      throw new LogError('TQ-LOG-01');
    }),
    commits.submit(1, () => 'c'),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('a failed commit fails its whole group with the reason lmdb-js hangs on the error, and the next one goes on', async () => {
  let failing = true;
  const commits = commitsOn(async (action) => {
    const result = action();
    if (failing) throw Object.assign(new Error('Commit failed'), { commitError: Promise.reject(new Error('no space')) });
    return result;
  });
  const answers = await Promise.allSettled([commits.submit(1, () => 1), commits.submit(1, () => 2)]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'TQ-LOG-02', retryable: true, cause: { message: 'no space' } } });
  failing = false;
  expect(await commits.submit(1, () => 3)).toBe(3);
});

test('an operation that throws anything else fails its group', async () => {
  const commits = commitsOn(async (action) => action());
  const answers = await Promise.allSettled([
    commits.submit(1, () => 1),
    commits.submit(1, () => {
      throw new Error('MDB_MAP_FULL');
    }),
    commits.submit(1, () => 3),
  ]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'TQ-LOG-02' } });
});

test('a transaction that never begins keeps nobody waiting without an end, and one that begins late takes what came since', async () => {
  let begin = (): void => undefined;
  const commits = commitsOn(
    async (action) =>
      new Promise((resolve) => {
        begin = () => resolve(action());
      }),
    5,
  );
  await expect(commits.submit(1, () => 1)).rejects.toMatchObject({ code: 'TQ-LOG-02', retryable: true });
  const late = commits.submit(1, () => 2);
  begin();
  expect(await late).toBe(2);
});

test('after closing nothing is taken, and closing waits for what was', async () => {
  const commits = commitsOn(async (action) => action());
  const last = commits.submit(1, () => 1);
  await commits.close();
  expect(await last).toBe(1);
  await expect(commits.submit(1, () => 2)).rejects.toMatchObject({ code: 'TQ-LOG-06' });
});
