import { cleanTraffic } from './clean-traffic.ts';
import { healthData } from './health-data.ts';
import { masking } from './masking.ts';
import { personalData } from './personal-data.ts';
import { promptInjections } from './prompt-injection.ts';
import { scenarios } from './scenarios.ts';
import { scope } from './scope.ts';
import { secrets } from './secrets.ts';
import type { Section } from './section.ts';
import { serverAttacks } from './server-attacks.ts';
import { webAttacks } from './web-attacks.ts';

export const SECTIONS: readonly Section[] = [webAttacks, serverAttacks, promptInjections, secrets, personalData, healthData, cleanTraffic, scenarios, scope, masking];
