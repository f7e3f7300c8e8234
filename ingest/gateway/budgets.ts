/** A budget a name, refilled evenly; the least used names are forgotten first, so that clients cannot make it grow. */
export interface Budgets {
  /** Takes one, or says in how many seconds there is one. */
  take(name: string): number | undefined;
}

export interface BudgetOptions {
  readonly perMinute: number;
  readonly mostNames: number;
}

interface Budget {
  left: number;
  filledAtMs: number;
}

export function createBudgets({ perMinute, mostNames }: BudgetOptions, clock: () => number): Budgets {
  const budgets = new Map<string, Budget>();
  return {
    take(name) {
      const nowMs = clock();
      const budget = budgets.get(name) ?? { left: perMinute, filledAtMs: nowMs };
      // Newest last, oldest first.
      budgets.delete(name);
      budgets.set(name, budget);
      const oldest = budgets.keys().next().value;
      if (budgets.size > mostNames && oldest !== undefined) budgets.delete(oldest);
      // A clock that was set back fills nothing and starts anew.
      budget.left = Math.min(perMinute, budget.left + (Math.max(0, nowMs - budget.filledAtMs) * perMinute) / 60_000);
      budget.filledAtMs = nowMs;
      if (budget.left < 1) return Math.max(1, Math.ceil(((1 - budget.left) * 60) / perMinute));
      budget.left -= 1;
      return undefined;
    },
  };
}
