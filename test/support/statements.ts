/** Takes down the statements of requests: what a gateway looks for by itself when it starts is not among them. */
export function statementsOfRequests(take: (sql: string) => void): (sql: string) => void {
  return (sql) => {
    if (!/^SELECT clock_timestamp\(\)$|"WebhookEndpoint"|"WebSubSubscription"/.test(sql)) take(sql)
  }
}
