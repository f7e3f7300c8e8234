import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLUGIN, pluginSources } from './php-source.ts';
import { potFile } from './translations.ts';
import { pluginVersion } from '../plugin-package.ts';

writeFileSync(path.join(PLUGIN, 'languages', 'tourniquet.pot'), potFile(pluginSources(), pluginVersion()));
