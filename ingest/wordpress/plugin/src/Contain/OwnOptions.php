<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

use Tourniquet\Guarded;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;

/** Options that only signed commands and the plugin's page change: what else writes or deletes them is undone and told. */
final class OwnOptions
{
    private const NAMES = [Measures::OPTION, Settings::POLICY_OPTION];

    private static bool $isWriting = false;

    /** @param array<mixed> $value */
    public static function write(string $name, array $value): void
    {
        $before = self::$isWriting;
        self::$isWriting = true;
        try {
            is_multisite() ? update_site_option($name, $value) : update_option($name, $value, true);
        } finally {
            self::$isWriting = $before;
        }
    }

    /** What WordPress keeps of them in this process: others may have written them since. */
    public static function forgetLoaded(): void
    {
        [$group, $prefix] = is_multisite() ? ['site-options', get_current_network_id() . ':'] : ['options', ''];
        foreach (array_merge(self::NAMES, [Ledger::OPTION, 'notoptions']) as $name) {
            wp_cache_delete($prefix . $name, $group);
        }
        is_multisite() || wp_cache_delete('alloptions', 'options');
    }

    public static function watch(Journal $journal): void
    {
        if (isset($_POST['page_options']) && is_admin() && basename((string) ($_SERVER['SCRIPT_NAME'] ?? '')) === 'options.php') {
            self::watchByHand($journal, wp_unslash($_POST['page_options']));
        }
        $site = is_multisite() ? 'site_' : '';
        foreach (self::NAMES as $name) {
            $kept = get_site_option($name, []);
            $kept = is_array($kept) ? $kept : [];
            Guarded::filter("pre_update_{$site}option_{$name}", static function ($value, $old = []) use ($journal, $name) {
                if (self::$isWriting || $value === $old) {
                    return $value;
                }
                self::tell($journal, $name);
                return $old;
            }, PHP_INT_MAX, 2);
            Guarded::action("delete_{$site}option_{$name}", static function () use ($journal, $name, $kept): void {
                if (!self::$isWriting && $kept !== []) {
                    self::write($name, $kept);
                    self::tell($journal, $name);
                }
            });
        }
    }

    /**
     * On options.php an administrator writes any option there is: none of ours, whatever it is for.
     *
     * @param mixed $asked names with commas between
     */
    private static function watchByHand(Journal $journal, $asked): void
    {
        $names = array_filter(array_map('trim', is_string($asked) ? explode(',', $asked) : []), static fn(string $name): bool => strncmp($name, 'tourniquet_', 11) === 0);
        if ($names === []) {
            return;
        }
        Guarded::filter('pre_update_option', static function ($value, $name = '', $old = null) use ($journal, $names) {
            // Whoever is not let in writes nothing there: what is written is ours.
            if (self::$isWriting || $value === $old || !in_array($name, $names, true) || !is_user_logged_in()) {
                return $value;
            }
            self::tell($journal, (string) $name);
            return $old;
        }, PHP_INT_MAX, 3);
    }

    private static function tell(Journal $journal, string $name): void
    {
        $journal->urgent('configuration', 'option-updated', [
            'event.outcome' => 'failure',
            'wordpress.option.name' => $name,
            'wordpress.option.reverted' => true,
        ]);
    }
}
