<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

use Tourniquet\Memory;

/** The hosts each plugin calls: for the page, and to say how long one is called. */
final class KnownHosts
{
    /** Plugin to host to the day (Unix seconds) it was first called. */
    public const OPTION = 'tourniquet_known_hosts';
    private const NEW_SECONDS = 7 * 86400;
    private const MOST_PLUGINS = 100;
    private const MOST_HOSTS = 60;

    private Memory $memory;

    public function __construct(Memory $memory)
    {
        $this->memory = $memory;
    }

    /** Notes a call; false during the first seven days in which this plugin calls the host. */
    public function isKnown(string $slug, string $host): bool
    {
        $since = $this->memory->seen('outbound-host', $slug . "\n" . $host);
        if ($since === null) {
            self::note($slug, $host);
        }
        return $since !== null && $since <= time() - self::NEW_SECONDS;
    }

    /** @return array<string, array<string, int>> plugin (empty: WordPress itself) to host to since when, Unix seconds */
    public static function all(): array
    {
        $known = get_option(self::OPTION, []);
        return is_array($known) ? $known : [];
    }

    private static function note(string $slug, string $host): void
    {
        $known = self::all();
        if (isset($known[$slug][$host]) || (!isset($known[$slug]) && count($known) >= self::MOST_PLUGINS) || count($known[$slug] ?? []) >= self::MOST_HOSTS) {
            return;
        }
        $known[$slug][$host] = time();
        update_option(self::OPTION, $known, false);
    }
}
