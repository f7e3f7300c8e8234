<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Plugin;
use Tourniquet\Record\Journal;

/** What the site is made of: told each day, and where it changed although nobody was seen changing it. */
final class Inventory
{
    private const OPTION = 'tourniquet_inventory';
    /** Entries in one line. */
    private const ENTRIES = 100;

    /**
     * WordPress, PHP, plugins and themes by the name the log has for them; themes as `theme:NAME`, must-use plugins as `mu:NAME`.
     *
     * @return array<string, array{kind: string, version: string, active: bool, auto_update: bool, hash: string}>
     */
    public static function now(): array
    {
        $shelf = Baseline::shelf();
        $index = $shelf === null ? [] : $shelf->index();
        $hash = static fn(string $part): string => substr((string) ($index[$part]['hash'] ?? ''), 0, 16);
        $now = [
            'core' => self::entry('core', Package::versionOfPart(new Part('core', ABSPATH)), true, false, $hash('core')),
            'php' => self::entry('php', PHP_VERSION, true, false, ''),
        ];
        if (!function_exists('get_plugins')) {
            require_once ABSPATH . 'wp-admin/includes/plugin.php';
        }
        $automatic = (array) get_site_option('auto_update_plugins', []);
        foreach (get_plugins() as $file => $data) {
            $slug = Package::slugOfPlugin((string) $file);
            $now[$slug] = self::entry('plugin', (string) $data['Version'], is_plugin_active((string) $file) || is_plugin_active_for_network((string) $file), in_array($file, $automatic, true), $hash('plugin:' . $slug));
        }
        foreach (get_mu_plugins() as $file => $data) {
            $now['mu:' . Package::slugOfPlugin((string) $file)] = self::entry('must-use', (string) $data['Version'], true, false, '');
        }
        // As a must-use plugin WordPress knows the loader alone.
        $now['tourniquet'] ??= self::entry('must-use', TOURNIQUET_VERSION, true, false, '');
        $automatic = (array) get_site_option('auto_update_themes', []);
        foreach (wp_get_themes() as $name => $theme) {
            $active = (string) $name === get_stylesheet() || (string) $name === get_template();
            $now['theme:' . $name] = self::entry('theme', (string) $theme->get('Version'), $active, in_array((string) $name, $automatic, true), $hash('theme:' . $name));
        }
        return $now;
    }

    /** The whole inventory, in numbered lines when it is long. */
    public static function tell(): void
    {
        $now = self::now();
        $chunks = array_chunk($now, self::ENTRIES, true);
        $id = count($chunks) > 1 ? bin2hex(random_bytes(8)) : null;
        foreach ($chunks as $i => $entries) {
            $list = [];
            foreach ($entries as $name => $entry) {
                $list[] = array_filter(['name' => (string) $name] + $entry, static fn($value): bool => $value !== '');
            }
            self::journal()->record('configuration', 'inventory', [
                'event.id' => $id,
                'event.sequence' => $id === null ? null : $i + 1,
                'wordpress.inventory.entries' => $list,
                'wordpress.inventory.count' => count($now),
                'wordpress.plugin.slug' => '',
            ]);
        }
        if (!is_array(get_site_option(self::OPTION))) {
            self::remember($now);
        }
    }

    /**
     * Takes over what somebody was seen changing, and nothing beside it.
     *
     * @param list<string> $names of parts or entries
     */
    public static function absorb(array $names): void
    {
        $known = get_site_option(self::OPTION);
        if (!is_array($known)) {
            return;
        }
        if (!function_exists('get_plugins')) {
            require_once ABSPATH . 'wp-admin/includes/plugin.php';
        }
        wp_clean_plugins_cache(false);
        $now = self::now();
        foreach ($names as $name) {
            $name = strncmp($name, 'plugin:', 7) === 0 ? substr($name, 7) : $name;
            if (isset($now[$name])) {
                $known[$name] = self::essence($now[$name]);
            } else {
                unset($known[$name]);
            }
        }
        update_site_option(self::OPTION, $known);
    }

    /** Tells what differs from what is known. */
    public static function compare(): void
    {
        $known = get_site_option(self::OPTION);
        $now = self::now();
        foreach (is_array($known) ? array_unique(array_merge(array_keys($known), array_keys($now))) : [] as $name) {
            $before = $known[$name] ?? null;
            $after = isset($now[$name]) ? self::essence($now[$name]) : null;
            if ($before === $after) {
                continue;
            }
            self::journal()->urgent('configuration', 'inventory-changed', [
                'wordpress.plugin.slug' => (string) $name,
                'wordpress.inventory.change' => $before === null ? 'added' : ($after === null ? 'removed' : ($before[0] !== $after[0] ? 'version' : ($after[1] ? 'activated' : 'deactivated'))),
                'wordpress.package.version' => $after[0] ?? null,
                'wordpress.package.version_before' => $before[0] ?? null,
            ]);
        }
        self::remember($now);
    }

    /** @return array{kind: string, version: string, active: bool, auto_update: bool, hash: string} */
    private static function entry(string $kind, string $version, bool $active, bool $automatic, string $hash): array
    {
        $version = (string) preg_replace('/[^0-9A-Za-z.+_ -]/', '', substr($version, 0, 40));
        return ['kind' => $kind, 'version' => $version, 'active' => $active, 'auto_update' => $automatic, 'hash' => $hash];
    }

    /**
     * @param array{version: string, active: bool} $entry
     * @return array{string, bool} what a change is seen by
     */
    private static function essence(array $entry): array
    {
        return [$entry['version'], $entry['active']];
    }

    /** @param array<string, array{version: string, active: bool}> $now */
    private static function remember(array $now): void
    {
        $known = array_map([self::class, 'essence'], $now);
        if (get_site_option(self::OPTION) !== $known) {
            update_site_option(self::OPTION, $known);
        }
    }

    private static function journal(): Journal
    {
        $plugin = Plugin::get();
        if ($plugin === null) {
            throw new \LogicException('the plugin did not start');
        }
        return $plugin->journal();
    }
}
