/**
 * Replaces the global `Date` by one that is ahead by the offset, so that a bundle sees the stack's clock and
 * still is, byte for byte, what deploys. It shares the original's prototype: `instanceof` and dates that come
 * from elsewhere keep working.
 *
 * @param clock one float: the offset in milliseconds, which may grow at any time.
 */
export function installShiftedDate(clock: SharedArrayBuffer): void {
  const NativeDate = Date;
  const offset = new Float64Array(clock);
  const now = (): number => NativeDate.now() + (offset[0] ?? 0);

  function ShiftedDate(...parts: unknown[]): Date | string {
    if (new.target === undefined) return new NativeDate(now()).toString();
    return Reflect.construct(NativeDate, parts.length === 0 ? [now()] : parts, new.target) as Date;
  }
  Object.setPrototypeOf(ShiftedDate, NativeDate);
  ShiftedDate.prototype = NativeDate.prototype;
  Object.defineProperties(ShiftedDate, {
    now: { value: now, writable: true, configurable: true },
    length: { value: NativeDate.length, configurable: true },
    name: { value: NativeDate.name, configurable: true },
  });
  globalThis.Date = ShiftedDate as unknown as DateConstructor;
  NativeDate.prototype.constructor = globalThis.Date;
}
