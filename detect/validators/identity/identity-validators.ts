import type { Validator } from '../span.ts';
import { birthDate } from './birth-date.ts';
import { licenceNumber, passportNumber } from './document-number.ts';
import { iban } from './iban.ts';
import { ipAddress } from './ip-address.ts';
import { cardNumberZone, cardZone, passportZone } from './machine-readable-zone.ts';
import { personName } from './person-name.ts';
import { phone, phoneBracketed, phoneNational } from './phone.ts';
import { postalAddress, street } from './postal-address.ts';
import { postalPart } from './postal-part.ts';
import { unlabelled } from './unlabelled.ts';

export const IDENTITY_VALIDATORS: Readonly<Record<string, Validator>> = {
  'birth-date': birthDate,
  'card-number-zone': cardNumberZone,
  'card-zone': cardZone,
  iban,
  'ip-address': ipAddress,
  'licence-number': licenceNumber,
  'passport-number': passportNumber,
  'passport-zone': passportZone,
  'person-name': personName,
  phone,
  'phone-bracketed': phoneBracketed,
  'phone-national': phoneNational,
  'postal-address': postalAddress,
  'postal-part': postalPart,
  street,
  unlabelled,
};
