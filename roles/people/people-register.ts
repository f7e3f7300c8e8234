import type { ControlStream } from '../../contracts/event-log.ts';
import { foldPerson, parsePersonRecord, PERSON_PREFIX } from './person-record.ts';
import type { PersonState } from './person-record.ts';

const READ_ENTRIES = 1_000;

/** The people of the registry stream, as of the last `refresh`. */
export class PeopleRegister {
  readonly #registry: ControlStream;
  readonly #people = new Map<string, PersonState>();
  #next: number;
  #reading: Promise<void> = Promise.resolve();

  /** Use `openPeopleRegister`. */
  constructor(registry: ControlStream, from: number) {
    this.#registry = registry;
    this.#next = from;
  }

  /** Resolves once every record that was durable at the time of the call is folded: who was removed stays out from then on. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    for (;;) {
      const entries = await this.#registry.read(this.#next, READ_ENTRIES);
      for (const entry of entries) {
        const record = entry.key.startsWith(PERSON_PREFIX) ? parsePersonRecord(entry.value) : undefined;
        if (record !== undefined) foldPerson(this.#people, record);
      }
      const last = entries.at(-1);
      if (last === undefined) return;
      this.#next = last.offset + 1;
    }
  }

  get(name: string): PersonState | undefined {
    return this.#people.get(name);
  }

  list(): readonly PersonState[] {
    return [...this.#people.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

export async function openPeopleRegister(registry: ControlStream): Promise<PeopleRegister> {
  const people = new PeopleRegister(registry, (await registry.bounds()).first);
  await people.refresh();
  return people;
}
