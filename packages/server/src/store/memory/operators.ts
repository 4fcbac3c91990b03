import type { Operator, OperatorStore } from '../ports/operators.ts';

/** Operators that are forgotten when the process ends. */
export function memoryOperators(): OperatorStore {
  const operators = new Map<string, Operator>();
  return {
    operators: async () => [...operators.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    addOperator: async (operator) => {
      if (operators.has(operator.name)) return 'exists';
      operators.set(operator.name, operator);
      return 'added';
    },
    changeOperator: async (name, change) => {
      const operator = operators.get(name);
      if (operator === undefined) return undefined;
      operators.set(name, change(operator));
      return operators.get(name);
    },
    removeOperator: async (name) => (operators.delete(name) ? 'removed' : 'unknown'),
  };
}
