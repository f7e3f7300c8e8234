/** Made-up people of a test site. What they are called, and how they are reached, may stand nowhere but in WordPress' own tables. */
export interface MadeUpPerson {
  readonly login: string;
  readonly password: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: string;
  readonly phone: string;
  readonly street: string;
  readonly country: string;
}

function person(login: string, role: string, firstName: string, lastName: string, number: number): MadeUpPerson {
  return {
    login, role, firstName, lastName,
    password: `Harbour-${lastName}-${number}!`,
    email: `${firstName}.${lastName}@people.example`.toLowerCase(),
    phone: `+44 20 7946 0${number}`,
    street: `${number} ${lastName} Crescent`,
    country: number % 2 === 0 ? 'DE' : 'GB',
  };
}

const WORKING = {
  administrator: person('ada', 'administrator', 'Ada', 'Quillfeather', 100),
  manager: person('mira', 'shop_manager', 'Mira', 'Thistlewood', 101),
  editor: person('edgar', 'editor', 'Edgar', 'Brackenridge', 102),
  author: person('anton', 'author', 'Anton', 'Marshgrove', 103),
} as const;

const SHOPPING = {
  customer: person('kasimir', 'customer', 'Kasimir', 'Fennimore', 110),
  second: person('lavinia', 'customer', 'Lavinia', 'Ostrowsky', 111),
  third: person('benedikt', 'customer', 'Benedikt', 'Hollowell', 112),
  fourth: person('wilhelmina', 'customer', 'Wilhelmina', 'Drachenfels', 113),
  subscriber: person('severin', 'subscriber', 'Severin', 'Applethwaite', 120),
} as const;

export const PEOPLE = { ...WORKING, ...SHOPPING } as const;

/** Somebody who has no account: a guest who orders, or whom a form is about. */
export const GUEST: MadeUpPerson = person('', '', 'Leopoldine', 'Winterbourne', 130);

/** What may be nowhere in clear: of the people of a site, or of others an act brings in. */
export function rawValuesOf(people: readonly MadeUpPerson[] = [...Object.values(PEOPLE), GUEST]): readonly string[] {
  return people.flatMap((p) => [p.email, p.lastName, p.password, p.phone, p.phone.replace(/[^0-9]/g, ''), p.street]);
}
