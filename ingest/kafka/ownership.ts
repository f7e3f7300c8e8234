import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Kafka } from 'kafkajs';
import type { PartitionOwnership } from '../../contracts/ownership.ts';
import type { JoinedGroup } from './client-cluster.ts';
import { kafkaErrorOf } from './client-error.ts';
import { KafkaError, type KafkaErrorCode } from './errors.ts';
import { findGroupCoordinator, type GroupCoordinator } from './group-coordinator.ts';
import { assignSticky, type Claim } from './sticky-assigner.ts';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

const PROTOCOL = 'tourniquet-sticky';
const COMMIT_INTERVAL_MS = 3_000;
const LONGEST_HEARTBEAT_INTERVAL_MS = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** The coordinator answers a join at the latest when its own timeout is over. */
const JOIN_MARGIN_MS = 5_000;
/** To leave in order; whoever does not manage leaves when the session ends. */
const LEAVE_LIMIT_MS = 2_000;

export type OwnershipEvent =
  | { readonly type: 'assigned'; readonly owned: readonly number[]; readonly gained: readonly number[]; readonly lost: readonly number[]; readonly generation: number }
  /** Not in the group now; what is owned stays until the next assignment. Tried again for ever. */
  | { readonly type: 'interrupted'; readonly error: KafkaError };

export interface OwnershipOptions {
  readonly groupId: string;
  /** Whose partitions are shared out; its records are not read. */
  readonly topic: string;
  readonly partitions: number;
  readonly sessionTimeoutMs: number;
  readonly onEvent?: (event: OwnershipEvent) => void;
}

/**
 * Takes part in a consumer group that is used only to agree on who works on what: no records are fetched through it, and
 * no offset is read. Resolves with the first assignment. Rejects with `KafkaError` when the set-up is wrong; waits for
 * brokers that are away. Leaves the group when disposed of, so that others take over at once.
 */
export async function openOwnership(kafka: Kafka, options: OwnershipOptions): Promise<PartitionOwnership> {
  const member = new GroupMember(kafka, options);
  await Promise.race([member.assigned, member.failed]);
  return member;
}

class GroupMember implements PartitionOwnership {
  readonly failed: Promise<never>;
  readonly assigned: Promise<void>;
  readonly #kafka: Kafka;
  readonly #options: OwnershipOptions;
  readonly #closing = new AbortController();
  readonly #taskEnded: Promise<void>;
  readonly #firstAssigned = Promise.withResolvers<void>();
  /** Of partition: what is done and not yet committed. */
  readonly #done = new Map<number, number>();
  #owned: ReadonlySet<number> = new Set();
  #listener: ((owned: ReadonlySet<number>) => void) | undefined;
  #coordinator: GroupCoordinator | undefined;
  #memberId = '';
  #generation = -1;
  #joining = false;
  #committedAtMs = 0;

  constructor(kafka: Kafka, options: OwnershipOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.assigned = this.#firstAssigned.promise;
    const failure = Promise.withResolvers<never>();
    this.failed = failure.promise;
    this.failed.catch(() => undefined);
    this.#taskEnded = this.#takePart().catch((error: unknown) => failure.reject(error));
  }

  get owned(): ReadonlySet<number> {
    return this.#owned;
  }

  onChange(listener: (owned: ReadonlySet<number>) => void): void {
    this.#listener = listener;
    listener(this.#owned);
  }

  done(partition: number, next: number): void {
    this.#done.set(partition, next);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const left = this.#leave().then(async () => this.#taskEnded).catch(() => undefined);
    // Also of one that finds its connection too late.
    const ended = left.then(() => this.#reconnect());
    await Promise.race([ended, sleep(LEAVE_LIMIT_MS, undefined, { ref: false })]);
    this.#reconnect();
  }

  /** Until closed. Throws what cannot be mended by trying again. */
  async #takePart(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#join();
        pauseMs = FIRST_PAUSE_MS;
        await this.#heartbeats();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (this.#rejoinsAtOnce(error)) continue;
        const failure = kafkaErrorOf(error);
        this.#reconnect();
        if (LASTING.has(failure.code)) throw failure;
        this.#options.onEvent?.({ type: 'interrupted', error: failure });
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** After what the group itself asks for: another member came or went, or we were away for too long. */
  #rejoinsAtOnce(error: unknown): boolean {
    const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
    if (type === 'UNKNOWN_MEMBER_ID' || type === 'FENCED_INSTANCE_ID') this.#memberId = '';
    return type === 'UNKNOWN_MEMBER_ID' || type === 'FENCED_INSTANCE_ID' || type === 'REBALANCE_IN_PROGRESS' || type === 'ILLEGAL_GENERATION';
  }

  async #join(): Promise<void> {
    const { groupId, sessionTimeoutMs } = this.#options;
    this.#coordinator ??= await findGroupCoordinator(this.#kafka, groupId);
    const { broker } = this.#coordinator;
    this.#joining = true;
    try {
      const userData = Buffer.from(JSON.stringify({ generation: this.#generation, owned: [...this.#owned] }));
      const joined = await within(sessionTimeoutMs + JOIN_MARGIN_MS, broker.joinGroup({
        groupId, memberId: this.#memberId, sessionTimeout: sessionTimeoutMs, rebalanceTimeout: sessionTimeoutMs,
        groupProtocols: [{ name: PROTOCOL, metadata: MemberMetadata.encode({ version: 0, topics: [this.#options.topic], userData }) }],
      }));
      this.#memberId = joined.memberId;
      const { memberAssignment } = await within(sessionTimeoutMs + JOIN_MARGIN_MS, broker.syncGroup({ groupId, memberId: joined.memberId, generationId: joined.generationId, groupAssignment: this.#assignmentBy(joined) }));
      this.#generation = joined.generationId;
      this.#take(MemberAssignment.decode(memberAssignment)?.assignment[this.#options.topic] ?? []);
    } finally {
      this.#joining = false;
    }
  }

  /** The leader's answer for all; empty of any other member. */
  #assignmentBy({ leaderId, memberId, members }: JoinedGroup): readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] {
    if (leaderId !== memberId) return [];
    const { topic, partitions } = this.#options;
    const shares = assignSticky(members.map((member) => claimOf(member.memberId, member.memberMetadata)), partitions);
    return [...shares].map(([id, owned]) => ({ memberId: id, memberAssignment: MemberAssignment.encode({ version: 0, assignment: { [topic]: [...owned] }, userData: Buffer.alloc(0) }) }));
  }

  #take(assigned: readonly number[]): void {
    const before = this.#owned;
    const owned = new Set(assigned.toSorted((a, b) => a - b));
    const gained = [...owned].filter((p) => !before.has(p));
    const lost = [...before].filter((p) => !owned.has(p));
    this.#owned = owned;
    for (const partition of lost) this.#done.delete(partition);
    this.#options.onEvent?.({ type: 'assigned', owned: [...owned], gained, lost, generation: this.#generation });
    this.#firstAssigned.resolve();
    if (gained.length + lost.length > 0) this.#listener?.(owned);
  }

  /** Returns when closed; throws what ends this generation. */
  async #heartbeats(): Promise<void> {
    const { groupId, sessionTimeoutMs } = this.#options;
    while (!this.#closing.signal.aborted) {
      await this.#pause(Math.min(LONGEST_HEARTBEAT_INTERVAL_MS, sessionTimeoutMs / 6));
      if (this.#closing.signal.aborted || this.#coordinator === undefined) return;
      await within(sessionTimeoutMs / 2, this.#coordinator.broker.heartbeat({ groupId, memberId: this.#memberId, groupGenerationId: this.#generation }));
      if (performance.now() - this.#committedAtMs >= COMMIT_INTERVAL_MS) void this.#commit(this.#coordinator);
    }
  }

  async #commit({ broker }: GroupCoordinator): Promise<void> {
    this.#committedAtMs = performance.now();
    const partitions = [...this.#done].filter(([partition]) => this.#owned.has(partition)).map(([partition, next]) => ({ partition, offset: String(next) }));
    this.#done.clear();
    if (partitions.length === 0) return;
    // A figure for monitors: the next one replaces one that got lost.
    await broker.offsetCommit({ groupId: this.#options.groupId, memberId: this.#memberId, groupGenerationId: this.#generation, topics: [{ topic: this.#options.topic, partitions }] }).catch(() => undefined);
  }

  async #leave(): Promise<void> {
    const { groupId } = this.#options;
    // A pending join holds its connection until the group is complete.
    if (this.#joining) this.#reconnect();
    this.#coordinator ??= await findGroupCoordinator(this.#kafka, groupId);
    await this.#commit(this.#coordinator);
    if (this.#memberId !== '') await this.#coordinator.broker.leaveGroup({ groupId, memberId: this.#memberId });
  }

  #reconnect(): void {
    this.#coordinator?.close();
    this.#coordinator = undefined;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** A wrong set-up: login, certificate, settings, rights, another protocol in the group. */
const LASTING: ReadonlySet<KafkaErrorCode> = new Set(['TQ-KAFKA-02', 'TQ-KAFKA-03', 'TQ-KAFKA-04', 'TQ-KAFKA-07', 'TQ-KAFKA-08']);

/** Other processes of ours wrote it; of what cannot be read nothing is claimed. */
function claimOf(memberId: string, metadata: Buffer): Claim {
  try {
    const said: unknown = JSON.parse(MemberMetadata.decode(metadata)?.userData.toString() ?? '');
    if (typeof said === 'object' && said !== null && 'generation' in said && 'owned' in said && typeof said.generation === 'number' && Array.isArray(said.owned)) {
      return { memberId, generation: said.generation, owned: said.owned.filter((p) => typeof p === 'number') };
    }
  } catch {
    // Claims nothing, as below.
  }
  return { memberId, generation: -1, owned: [] };
}

async function within<T>(limitMs: number, answer: Promise<T>): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([answer, sleep(limitMs, undefined, { signal: late.signal }).then(() => {
      throw new KafkaError('TQ-KAFKA-11', `${limitMs} ms`);
    })]);
  } finally {
    late.abort();
    answer.catch(() => undefined);
  }
}
