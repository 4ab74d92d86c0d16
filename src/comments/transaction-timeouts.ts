/**
 * The timeouts of transactions that submit or decide comments. They wait rather than fail: others lock the same
 * articles for a short time only.
 */
export const TRANSACTION_TIMEOUTS_MS = { maxWait: 10_000, timeout: 30_000 }
