<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/**
 * Backups made by plugins that say so. UpdraftPlus' are told when they begin, those of All-in-One WP Migration when they are
 * done; what other plugins read of the database shows as large reads, and what leaves as a file as a download.
 */
final class Backups extends Watcher
{
    private const HOOKS = [
        'updraft_backup' => 'updraftplus', 'updraft_backup_database' => 'updraftplus', 'updraft_backup_all' => 'updraftplus', 'updraft_backupnow_backup_all' => 'updraftplus',
        'updraft_backupnow_backup' => 'updraftplus', 'updraft_backupnow_backup_database' => 'updraftplus', 'ai1wm_status_export_done' => 'all-in-one-wp-migration',
    ];

    /** @var array<string, true> */
    private array $told = [];

    public function register(): void
    {
        foreach (self::HOOKS as $hook => $plugin) {
            Guarded::action($hook, fn() => $this->made($hook, $plugin), 1);
        }
    }

    private function made(string $hook, string $plugin): void
    {
        if (isset($this->told[$plugin])) {
            return;
        }
        $this->told[$plugin] = true;
        $this->reading()->backup(['wordpress.plugin.slug' => $plugin, 'wordpress.backup.parts' => strpos($hook, 'database') !== false ? 'database' : (substr($hook, -7) === '_backup' ? 'files' : 'all')]);
    }
}
