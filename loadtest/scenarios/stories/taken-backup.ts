import type { Story } from '../story.ts';

export const takenBackup: Story = {
  name: 'taken-backup', title: 'the backup plugin pointed elsewhere and a backup downloaded',
  items: ['bulk-export.backup-plugin'], site: 'klinik-see',
  attack(s) {
    const thief = s.stolen('support', s.stranger());
    return [
      s.act(s.at('1:00'), 'configuration/option-updated', thief, { 'wordpress.option.name': 'updraft_s3', 'wordpress.option.group': 'backup' }),
      s.act(s.at('1:20'), 'data_export/backup-downloaded', thief, { 'wordpress.plugin.slug': 'updraftplus', 'file.size': 410_000_000, 'wordpress.actor.habit': 'new' }, { reads: s.customers(3_000) }),
    ];
  },
  lookAlike: {
    title: 'the technician downloads the weekly backup, as always',
    events: (s) => [s.act(s.at('16:30'), 'data_export/backup-downloaded', s.staff('developer'), {
      'wordpress.plugin.slug': 'updraftplus', 'file.size': 410_000_000, 'wordpress.actor.habit': 'known',
    }, { reads: s.customers(3_000) })],
  },
};
