import { PEOPLE } from '../test-site/people.ts';
import type { UserAct } from '../test-site/user-act.ts';
import { WP_CLI } from './pages.ts';

const { second, third } = PEOPLE;
const NOTE = 'card-of-somebody';
/** A number that card services publish for tests. */
const CARD = '4111 1111 1111 1111';

const PLANT = `
  update_option('forms_last_entry', wp_json_encode(['mail' => '${second.email}', 'note' => 'call ${second.phone}']), false);
  update_user_meta(1, '${NOTE}', 'pays with ${CARD}');
  $uploads = wp_upload_dir();
  wp_mkdir_p($uploads['basedir'] . '/exports');
  file_put_contents($uploads['basedir'] . '/exports/orders.csv', "name,mail\\nsomebody,${third.email}\\n");
  file_put_contents($uploads['basedir'] . '/exports/backup-2026.sql', 'INSERT INTO wp_users VALUES (1);');
`;
const CLEAR = `delete_option('forms_last_entry'); delete_user_meta(1, '${NOTE}'); foreach (glob(wp_upload_dir()['basedir'] . '/exports/*') as $file) { unlink($file); }`;

function holds(...classes: readonly string[]): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && classes.every((c) => value.includes(c));
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'personal data at rest is told by place and kind, without a value',
    on: ['single', 'network'],
    prepare: ({ site }) => site.php(`${PLANT} array_map('unlink', glob(Tourniquet\\Plugin::get()->place()->directory() . '/discover-*'));`),
    act: async ({ site }) => {
      const said = await site.php(`${WP_CLI} echo tourniquet_command('discover', ['format' => 'json']);`);
      if (!said.includes('forms_last_entry') || said.includes(second.email)) throw new Error(`it said ${said.slice(0, 300)}`);
    },
    expect: [
      { category: 'database', action: 'personal-data-found', fields: { 'wordpress.target.kind': 'option', 'wordpress.target.name': /options\.option_value: forms_last_entry$/, 'wordpress.data.classes': holds('pii.email'), 'wordpress.data.records': 1 }, times: 1 },
      { category: 'database', action: 'personal-data-found', fields: { 'wordpress.target.kind': 'table', 'wordpress.target.name': new RegExp(`usermeta\\.meta_value: ${NOTE}$`), 'wordpress.data.classes': holds('pci.pan') }, times: 1 },
      { category: 'file', action: 'personal-data-found', fields: { 'wordpress.target.name': /exports\/\*\.csv$/, 'wordpress.data.classes': holds('pii.email') }, times: 1 },
      { category: 'file', action: 'personal-data-found', fields: { 'wordpress.target.name': /exports\/\*\.sql$/, 'wordpress.data.classes': holds('backup') }, times: 1 },
      { category: 'database', action: 'discovery-finished', times: 1 },
    ],
    forbidden: [CARD],
  },
  {
    title: 'what was found before is not told again, and a scan goes on where its slice ended',
    act: async ({ site }) => {
      const slices = Number(await site.php("$slices = 0; do { $slices++; } while (!Tourniquet\\Plugin::get()->discovery()->slice(0.02) && $slices < 3000); echo $slices;"));
      if (slices < 2 || slices >= 3000) throw new Error(`it took ${slices} slices`);
    },
    expect: [{ category: 'database', action: 'discovery-finished', times: 1 }],
    silent: [{ category: 'database', action: 'personal-data-found', fields: { 'wordpress.target.name': /forms_last_entry$/ } }],
    restore: ({ site }) => site.php(CLEAR),
  },
  {
    title: 'the nightly scan is there when it is switched on, and goes when it is switched off',
    act: async ({ site }) => {
      const scheduled = (on: boolean): Promise<string> => site.php(`
        update_site_option('tourniquet_settings', ['discover' => ${String(on)}] + (array) get_site_option('tourniquet_settings', []));
        $discovery = new Tourniquet\\AtRest\\Discovery(Tourniquet\\Plugin::get()->journal(), Tourniquet\\Settings::load(), Tourniquet\\Plugin::get()->place());
        (function () { $this->schedule(); })->call($discovery);
        echo wp_next_scheduled(Tourniquet\\AtRest\\Discovery::HOOK) ? 'yes' : 'no';`);
      if (await scheduled(true) !== 'yes' || await scheduled(false) !== 'no') throw new Error('it is not scheduled as it is set');
    },
  },
];
