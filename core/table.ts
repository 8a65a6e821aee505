/**
 * The one write Baton knows: conditional, on one item, safe to repeat. Writes are data, so that the same rule becomes a
 * DynamoDB expression (adapters/aws, and the ASL of the compiler) and a pure function (memory, simulator, tests).
 */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };
export type Item = { readonly [attribute: string]: Value };
export type Key = { readonly pk: string; readonly sk: string };

export type Condition = {
  /** The item is there (true) or is not (false). */
  readonly exists?: boolean;
  readonly equals?: Item;
  /** These keys inside the map attribute have these values. */
  readonly equalsIn?: { readonly [attribute: string]: Item };
  /** None of these attributes is set. */
  readonly absent?: readonly string[];
  /** None of these keys is set inside the map attribute. */
  readonly absentIn?: { readonly [attribute: string]: readonly string[] };
  /** The attribute is set and less than this. */
  readonly below?: { readonly [attribute: string]: string | number };
  /** At least one of these holds (beside all of the above). */
  readonly either?: readonly Condition[];
};

export type Update = {
  readonly set?: Item;
  readonly setIfAbsent?: Item;
  /** Sets keys inside a map attribute that exists already. */
  readonly setIn?: { readonly [attribute: string]: Item };
  readonly setInIfAbsent?: { readonly [attribute: string]: Item };
  readonly removeIn?: { readonly [attribute: string]: readonly string[] };
  readonly remove?: readonly string[];
  /** Adds to a number, which counts from 0 when absent. */
  readonly increase?: { readonly [attribute: string]: number };
};

export type IndexName = 'gsi1' | 'gsi2';
/** `eventual` costs half, and may miss what was written a moment ago: DynamoDB says usually under a second. */
export type Reading = 'consistent' | 'eventual';
export type Page = { readonly items: readonly Item[]; readonly next?: string };

/** The table port: DESIGN.md's single table. Index keys are the attributes gsi1pk, gsi1sk, gsi2pk, gsi2sk (all strings). */
export type Table = {
  /** Consistent. */
  get(key: Key): Promise<Item | undefined>;
  /** Replaces the whole item; 'refused' when the condition fails. */
  put(item: Item & Key, condition?: Condition): Promise<'written' | 'refused'>;
  /** Creates the item when absent, unless the condition says `exists: true`. Returns the whole item afterwards. */
  update(key: Key, update: Update, condition?: Condition): Promise<Item | 'refused'>;
  delete(key: Key): Promise<void>;
  /** Items of one partition whose sk begins with the prefix, ordered by sk, all pages. Consistent, unless said otherwise. */
  query(pk: string, prefix: string, reading?: Reading): Promise<readonly Item[]>;
  /** Eventually consistent; ordered by the index sort key; `upTo` is inclusive; one page of at most `limit`. */
  queryIndex(
    index: IndexName,
    pk: string,
    range?: {
      readonly from?: string;
      readonly upTo?: string;
      readonly limit?: number;
      readonly after?: string;
      readonly descending?: boolean;
    },
  ): Promise<Page>;
};
