import { functionSignature } from '../syntax/function-signatures.ts';
import { unwrapped, type Expression } from '../syntax/ast.ts';

/** Whether a checked expression gives an instant vector. */
export function isVector(expression: Expression): boolean {
  const inner = unwrapped(expression);
  switch (inner.kind) {
    case 'selector':
    case 'aggregation':
      return true;
    case 'unary':
      return isVector(inner.operand);
    case 'binary':
      return isVector(inner.left) || isVector(inner.right);
    case 'call':
      return functionSignature(inner.name)?.returnType === 'vector';
    default:
      return false;
  }
}
