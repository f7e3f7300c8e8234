/** What an operator must see of a bridge. Holds no input; errors are those of the log, the broker and the bridge. */
export type BridgeEvent =
  | { readonly type: 'assigned'; readonly partitions: readonly number[] }
  | { readonly type: 'started'; readonly partition: number; readonly offset: number; readonly reason: 'committed' | 'first' | 'recreated' }
  /** Records that were deleted before they were bridged, both included. Without `certain` nobody knows how many were. */
  | { readonly type: 'lost'; readonly partition: number; readonly from: number; readonly to: number; readonly certain: boolean }
  /** The topic was deleted and made anew; what nobody had bridged of the old one is gone. */
  | { readonly type: 'recreated'; readonly partition: number; readonly bridgedBelow: number }
  /** Lines put aside under the `_system` site. */
  | { readonly type: 'unknown_site'; readonly partition: number; readonly lines: number }
  | { readonly type: 'retry'; readonly what: 'append' | 'read_sites' | 'find_position' | 'ask_topic_id'; readonly partition: number; readonly attempt: number; readonly waitMs: number; readonly error: unknown };
