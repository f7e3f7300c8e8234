/** A member of an object from outside; never one of its prototype. */
export function member(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
