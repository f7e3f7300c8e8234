<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** What the database remembers of each spool directory, and by what this site is known from a copy. */
final class DatabaseMemory
{
    private const OPTION = 'tourniquet_chain';
    /** Spools remembered; the one not written for longest is forgotten first. */
    private const MOST = 20;

    /**
     * Of this spool, wherever it is mounted; where it is new or unknown, of the last one in this directory; else of one that belongs to
     * another address, since then this database is a copy.
     *
     * @return array<string, mixed>
     */
    public static function of(string $directory, string $instance): array
    {
        $all = self::all();
        if (isset($all[$instance])) {
            return $all[$instance];
        }
        $there = array_filter($all, static fn(array $memory): bool => ($memory['directory'] ?? '') === self::key($directory));
        $elsewhere = array_filter($all, static fn(array $memory): bool => ($memory['home'] ?? '') !== self::home());
        return array_values($there)[count($there) - 1] ?? array_values($elsewhere)[count($elsewhere) - 1] ?? [];
    }

    /** @param array<string, mixed> $memory */
    public static function keep(string $directory, array $memory): void
    {
        $all = self::all();
        unset($all[$memory['instance']]);
        $all[$memory['instance']] = $memory + ['directory' => self::key($directory)];
        update_site_option(self::OPTION, array_slice($all, -self::MOST, null, true));
    }

    /** @return array<array<string, mixed>> by instance */
    private static function all(): array
    {
        // Past the cache: another process wrote it since this one began.
        $network = is_multisite() ? get_current_network_id() . ':' : '';
        foreach ([self::OPTION, 'notoptions'] as $name) {
            wp_cache_delete($network . $name, is_multisite() ? 'site-options' : 'options');
        }
        $all = get_site_option(self::OPTION, []);
        return is_array($all) ? array_filter($all, 'is_array') : [];
    }

    /** Of the address as the database has it: where a constant or a proxy changes it from request to request, it stays the same site. */
    public static function home(): string
    {
        if (is_multisite()) {
            $network = get_network();
            $home = $network === null ? '' : $network->domain . $network->path;
        } else {
            $home = (string) (wp_load_alloptions()['home'] ?? '');
        }
        $home = (string) preg_replace('/^(https?:\/\/)?(www\.)?/', '', strtolower($home));
        return substr(hash('sha256', rtrim($home, '/')), 0, 16);
    }

    public static function database(): string
    {
        global $wpdb;
        return substr(hash('sha256', (defined('DB_NAME') ? DB_NAME : '') . ' ' . $wpdb->base_prefix), 0, 16);
    }

    private static function key(string $directory): string
    {
        return substr(hash('sha256', $directory), 0, 16);
    }
}
