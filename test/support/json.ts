/** A value that a program under test sent as JSON, such as the data of a GraphQL response. Tests assert its shape. */
// biome-ignore lint/suspicious/noExplicitAny: the type of each response would repeat the assertions
export type Json = any
