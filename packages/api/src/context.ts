/**
 * What a procedure works with. Empty on purpose: the type of the router names it, and the SDK ships that type.
 * What the server puts in is declared beside it, in `context.server.ts`, and never leaves the server.
 */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type -- see above
export interface Context {}
