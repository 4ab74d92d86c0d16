/** What a view receives: the segments of the path after its own, decoded. */
export interface ViewProps {
  rest: readonly string[]
}
