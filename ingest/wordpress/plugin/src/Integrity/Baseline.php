<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Plugin;
use Tourniquet\Record\Journal;

/**
 * What the code of this site looked like when somebody last vouched for it: at `wp tourniquet baseline`, at the first round,
 * and after each update that was seen. Its own hash goes onto the log, so that a replaced one shows.
 */
final class Baseline
{
    private const OPTION = 'tourniquet_baseline';

    /**
     * Records all parts, or these.
     *
     * @param list<string>|null $ids as `Part` names them
     * @param bool $wait until a check that is under way has stopped
     * @return array{parts: int, files: int, hash: string, foreign: int|null}|null `foreign`: files of WordPress that are not
     *         as wordpress.org has them, null where that is not known; null as a whole when nothing could be written
     */
    public static function record(?array $ids = null, bool $wait = true): ?array
    {
        $shelf = self::shelf();
        return $shelf === null ? null : $shelf->alone(static function () use ($shelf, $ids): ?array {
            $parts = Part::all();
            $files = 0;
            if (!self::isOurs($shelf)) {
                self::tellReplaced($shelf);
            }
            foreach ($ids ?? array_keys($parts) as $id) {
                $known = self::recordPart($shelf, $id, $parts[$id] ?? null, $ids !== null);
                if ($known === null) {
                    return null;
                }
                $files += $known;
            }
            foreach ($ids === null ? array_diff(array_keys($shelf->index()), array_keys($parts)) : [] as $gone) {
                $shelf->drop($gone);
            }
            self::remember($shelf);
            $foreign = $ids === null || in_array('core', $ids, true) ? CoreChecksums::foreign() : null;
            self::journal()->urgent('file', 'baseline-recorded', [
                'wordpress.baseline.hash' => $shelf->hash(),
                'wordpress.baseline.parts' => count($ids ?? $parts),
                'wordpress.baseline.files' => $files,
                'wordpress.baseline.foreign' => $foreign,
            ]);
            return ['parts' => count($ids ?? $parts), 'files' => $files, 'hash' => $shelf->hash(), 'foreign' => $foreign];
        }, $wait);
    }

    /**
     * Compares everything now, file by file.
     *
     * @return array{differences: int, finished: bool, hash: string}|null null when there is no baseline, or a check is under way
     */
    public static function check(float $seconds = 600.0): ?array
    {
        $shelf = self::shelf();
        return $shelf === null || $shelf->index() === [] ? null : $shelf->alone(static function () use ($shelf, $seconds): array {
            $check = new Check($shelf, self::journal(), true);
            $left = $check->run(['left' => array_keys(Part::all())], microtime(true) + $seconds);
            $check->tellResult($check->found());
            return ['differences' => $check->found(), 'finished' => $left === null, 'hash' => $shelf->hash()];
        });
    }

    /** Takes over one file that somebody was seen changing. */
    public static function accept(string $id, string $full): void
    {
        $shelf = self::shelf();
        $part = Part::all()[$id] ?? null;
        $path = $part === null ? '' : substr(str_replace('\\', '/', $full), strlen($part->root) + 1);
        if ($shelf === null || $part === null || !$part->holds($path)) {
            return;
        }
        $taken = $shelf->alone(static function () use ($shelf, $id, $path, $full): bool {
            $snapshot = $shelf->snapshot($id);
            $now = Snapshot::look($full);
            if ($snapshot !== null && $now !== null) {
                $snapshot->files[$path] = $now;
                unset($snapshot->told[$path]);
                $shelf->put($id, $snapshot, (string) $shelf->index()[$id]['version']);
                self::remember($shelf);
            }
            return true;
        });
        if ($taken === null) {
            $shelf->await($id);
        }
    }

    /** Files of this part change from here on, by an update that is seen. */
    public static function await(string $id): void
    {
        $shelf = self::shelf();
        if ($shelf !== null) {
            $shelf->await($id);
        }
    }

    /** Records what was awaited; nothing before the first baseline, which will hold it anyway. */
    public static function recordAwaited(): void
    {
        $shelf = self::shelf();
        $ids = $shelf === null ? [] : $shelf->awaited();
        if ($ids === []) {
            return;
        }
        if ($shelf->index() === [] || self::record($ids, false) !== null) {
            $shelf->forgetAwaited();
        }
    }

    public static function shelf(): ?Shelf
    {
        $plugin = Plugin::get();
        return $plugin === null ? null : new Shelf($plugin->place()->directory() . '/integrity');
    }

    /** Whether the index is the one that this site wrote last. */
    public static function isOurs(Shelf $shelf): bool
    {
        $remembered = (string) get_site_option(self::OPTION, '');
        return $shelf->index() === [] ? $remembered === '' : $remembered === $shelf->hash();
    }

    /** It was replaced or removed, by whoever can write files; or the database is an older one. */
    public static function tellReplaced(Shelf $shelf): void
    {
        self::journal()->urgent('file', 'baseline-replaced', ['event.outcome' => 'unknown', 'wordpress.baseline.hash' => $shelf->hash()]);
        self::remember($shelf);
    }

    public static function remember(Shelf $shelf): void
    {
        update_site_option(self::OPTION, $shelf->hash());
    }

    /** @return int|null files; null when nothing could be written */
    private static function recordPart(Shelf $shelf, string $id, ?Part $part, bool $tell): ?int
    {
        $before = $shelf->index()[$id] ?? null;
        if ($part === null || !$part->exists()) {
            $shelf->drop($id);
            return 0;
        }
        $snapshot = new Snapshot();
        // Code among uploads is never in order: the first check tells what lies there.
        $walk = new FileWalk($part, $id === 'uploads' ? [] : null);
        while (($paths = $walk->next()) !== null) {
            foreach ($paths as $path) {
                $now = Snapshot::look($part->root . '/' . $path);
                if ($now !== null) {
                    $snapshot->files[$path] = $now;
                }
            }
        }
        $version = Package::versionOfPart($part);
        if (!$shelf->put($id, $snapshot, $version)) {
            return null;
        }
        if ($tell) {
            self::journal()->urgent('file', 'package-recorded', [
                'wordpress.plugin.slug' => $part->slug(),
                'wordpress.package.version' => $version,
                'wordpress.package.hash' => $snapshot->hash(),
                'wordpress.package.hash_before' => $before['hash'] ?? null,
                'wordpress.baseline.files' => count($snapshot->files),
            ]);
        }
        return count($snapshot->files);
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
