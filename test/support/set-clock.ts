// Loaded before a program (`node --import`): its clock is ahead by CLOCK_AHEAD_MS, as on a machine whose time is wrong.

const aheadMs = Number(process.env.CLOCK_AHEAD_MS ?? 0)
const realNow = Date.now.bind(Date)
const now = () => realNow() + aheadMs

globalThis.Date = new Proxy(Date, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
  apply: () => new Date(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
