/** Holds back what one query has read. */
export interface Hold {
  /** Resolves when something that was read is being held. */
  held: Promise<void>
  release(): void
}

/** Holds the result of a read: the next one, when it was asked to. */
export class Holder {
  #next: { asked: PromiseWithResolvers<void>; released: PromiseWithResolvers<void> } | null = null

  /** Holds the next result that is read. */
  hold(): Hold {
    const hold = { asked: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() }
    this.#next = hold
    const release = () => {
      if (this.#next === hold) this.#next = null
      hold.released.resolve()
    }
    return { held: hold.asked.promise, release }
  }

  /** The same client, whose results may be held. */
  wrap<Client extends object>(client: Client): Client {
    return new Proxy(client, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target)
        if (name === '$queryRaw') return this.#holding(value, target)
        const isModel = typeof value === 'object' && value !== null && 'findFirst' in value
        if (!isModel) return value
        return new Proxy(value, {
          get: (model, method) => this.#holding(Reflect.get(model, method, model), model),
        })
      },
    })
  }

  #holding(work: unknown, self: object): unknown {
    if (typeof work !== 'function') return work
    return async (...args: unknown[]) => {
      const result = await work.apply(self, args)
      const hold = this.#next
      if (hold) {
        this.#next = null
        hold.asked.resolve()
        await hold.released.promise
      }
      return result
    }
  }
}
