<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/** Jobs of WP-Cron that the site did not have before, run at other times, or lost. */
final class CronJobs extends Watcher
{
    public const OPTION = 'tourniquet_cron_hooks';
    /** Of WordPress itself. */
    private const CORE = [
        'wp_version_check', 'wp_update_plugins', 'wp_update_themes', 'wp_maybe_auto_update', 'wp_scheduled_delete', 'delete_expired_transients',
        'wp_scheduled_auto_draft_delete', 'recovery_mode_clean_expired_keys', 'wp_site_health_scheduled_check', 'wp_privacy_delete_old_export_files',
        'wp_https_detection', 'wp_update_user_counts', 'update_network_counts', 'publish_future_post', 'do_pings', 'importer_scheduled_cleanup',
        'upgrader_scheduled_cleanup', 'wp_split_shared_term_batch', 'wp_update_comment_type_batch', 'wp_delete_temp_updater_backups',
    ];
    private const MOST_KNOWN = 500;

    public function register(): void
    {
        Guarded::action('update_option_cron', function ($before, $after): void {
            $this->compare(self::hooks($before), self::hooks($after));
        }, 10, 2);
    }

    /**
     * @param array<string, list<string>> $before hook to its schedules; the empty one is of jobs that run once
     * @param array<string, list<string>> $after
     */
    private function compare(array $before, array $after): void
    {
        $new = array_diff(array_keys(array_diff_key($after, $before)), self::CORE);
        if ($new !== []) {
            $known = get_option(self::OPTION);
            // What the site has when it is looked at first, is known.
            $all = is_array($known) ? $known : array_keys($before);
            $fresh = array_values(array_diff($new, $all));
            if ($fresh !== [] || !is_array($known)) {
                update_option(self::OPTION, array_slice(array_values(array_unique(array_merge($all, $fresh))), -self::MOST_KNOWN), false);
            }
            foreach ($fresh as $hook) {
                $this->tell('cron-job-added', $hook, $after[$hook]);
            }
        }
        foreach (array_intersect_key($after, $before) as $hook => $schedules) {
            $recurring = array_values(array_filter($before[$hook]));
            $now = array_values(array_filter($schedules));
            // While it runs, WordPress has a job twice.
            if ($recurring !== [] && $now !== [] && array_diff($now, $recurring) !== []) {
                $this->tell('cron-job-changed', (string) $hook, $now);
            }
        }
        foreach (array_diff_key($before, $after) as $hook => $schedules) {
            if (array_filter($schedules) !== []) {
                $this->tell('cron-job-removed', (string) $hook, $schedules);
            }
        }
    }

    /** @param list<string> $schedules */
    private function tell(string $action, string $hook, array $schedules): void
    {
        $this->journal->record('configuration', $action, [
            'wordpress.cron.hook' => Redactor::text($hook),
            'wordpress.cron.schedule' => $schedules === [''] ? 'once' : array_map([Redactor::class, 'text'], array_values(array_filter($schedules))),
            'wordpress.plugin.slug' => ActingPlugin::slug(),
        ]);
    }

    /**
     * @param mixed $cron the option: time to hook to jobs
     * @return array<string, list<string>>
     */
    private static function hooks($cron): array
    {
        $hooks = [];
        foreach (is_array($cron) ? $cron : [] as $jobs) {
            foreach (is_array($jobs) ? $jobs : [] as $hook => $runs) {
                foreach (is_array($runs) ? $runs : [] as $run) {
                    $hooks[(string) $hook][(string) ($run['schedule'] ?? '')] = true;
                }
            }
        }
        return array_map(static fn(array $schedules): array => array_map('strval', array_keys($schedules)), $hooks);
    }
}
