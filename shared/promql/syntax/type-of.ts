import type { Expression, ValueType } from './ast.ts';
import { functionSignature } from './function-signatures.ts';

/** The type of what an expression gives. It is told by its shape alone: only a call of no function throws. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'parentheses':
    case 'unary':
      return typeOf(expression.operand);
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    case 'call': {
      const signature = functionSignature(expression.name);
      if (signature === undefined) throw new Error(`there is no function ${expression.name}`);
      return signature.returnType;
    }
  }
}

/** As Prometheus' documentation and messages call a type. */
export function nameOfType(type: ValueType): string {
  switch (type) {
    case 'scalar':
    case 'string':
      return type;
    case 'vector':
      return 'instant vector';
    case 'matrix':
      return 'range vector';
  }
}
