<?php

declare(strict_types=1);

namespace Tourniquet\Browse;

/** The scripts the server puts into watched pages, remembered by where they come from. */
final class Scripts
{
    /** Host and path to whether it was there at the first look or came with installed code. */
    private const OPTION = 'tourniquet_scripts';
    private const MOST = 300;
    /** Our own script, which looks for the others. */
    public const OWN_HANDLE = 'tourniquet-watch';

    /** @return array<string, string> address without its version to the host it is loaded from, of what was printed */
    public static function printed(): array
    {
        $found = [];
        $scripts = wp_scripts();
        foreach ($scripts->done as $handle) {
            $source = $handle === self::OWN_HANDLE ? '' : ($scripts->registered[$handle]->src ?? '');
            $source = is_string($source) ? (string) strtok($source, '?#') : '';
            if ($source === '') {
                continue;
            }
            $host = strtolower((string) wp_parse_url($source, PHP_URL_HOST)) ?: self::ownHost();
            $found[$host . (string) wp_parse_url($source, PHP_URL_PATH)] = $host;
        }
        return $found;
    }

    /**
     * Notes what is new since the last look.
     *
     * @param array<string, string> $printed
     * @return array<string, array{host: string, known: bool}> by host and path; empty at the first look, which all others are compared with
     */
    public static function changes(array $printed): array
    {
        $known = get_option(self::OPTION);
        $isFirst = !is_array($known);
        $known = $isFirst ? [] : $known;
        $new = array_diff_key($printed, $known);
        if ($new === [] && !$isFirst) {
            return [];
        }
        $hosts = array_map(static fn($place): string => (string) strtok((string) $place, '/'), array_keys($known));
        $changes = [];
        foreach ($new as $place => $host) {
            $known[$place] = time();
            $changes[$place] = ['host' => $host, 'known' => $host === self::ownHost() || in_array($host, $hosts, true)];
        }
        update_option(self::OPTION, array_slice($known, -self::MOST, null, true), false);
        return $isFirst ? [] : $changes;
    }

    /** @return list<string> hosts that are known to bring scripts */
    public static function hosts(): array
    {
        $known = get_option(self::OPTION);
        $hosts = array_map(static fn($place): string => (string) strtok((string) $place, '/'), is_array($known) ? array_keys($known) : []);
        return array_values(array_unique(array_merge([self::ownHost()], $hosts)));
    }

    public static function ownHost(): string
    {
        return strtolower((string) wp_parse_url(home_url(), PHP_URL_HOST));
    }
}
