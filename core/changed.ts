/**
 * `{ ...row, ...changes }`. For what is made often: on Node 20 a literal that begins with a spread and then adds a name gets a hidden
 * class of its own, a microsecond a name, and so does whatever reads it later (docs/decisions/0098).
 */
export const changed = <Row extends object>(row: Row, changes: Partial<Row>): Row => Object.assign({}, row, changes);
