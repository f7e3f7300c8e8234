<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

use Tourniquet\Guarded;
use Tourniquet\Observer;
use Tourniquet\Record\Journal;
use Tourniquet\Settings;
use Tourniquet\Spool\Place;
use Tourniquet\Spool\PrivateFile;

/**
 * Personal data, keys and cards where they lie: counts, classes and places only. A scan goes in slices, each night when the
 * setting is on, or on the command line; its state lies beside the spool and holds no value that was found.
 */
final class Discovery implements Observer
{
    public const HOOK = 'tourniquet_discover';
    private const SLICE_SECONDS = 10.0;
    private const PAUSE_SECONDS = 60;
    private const MOST_EVENTS = 500;

    private Journal $journal;
    private Settings $settings;
    private Place $place;

    public function __construct(Journal $journal, Settings $settings, Place $place)
    {
        $this->journal = $journal;
        $this->settings = $settings;
        $this->place = $place;
    }

    public function register(): void
    {
        Guarded::action(self::HOOK, fn() => $this->nightly());
        if (wp_doing_cron() || is_admin()) {
            Guarded::action('init', fn() => $this->schedule(), 20);
        }
    }

    private function schedule(): void
    {
        if (!is_main_site()) {
            return;
        }
        $next = wp_next_scheduled(self::HOOK);
        if ($next === false && $this->settings->get('discover')) {
            wp_schedule_event((int) strtotime('tomorrow 03:00 UTC') + random_int(0, 3600), 'daily', self::HOOK);
        } elseif ($next !== false && !$this->settings->get('discover')) {
            wp_clear_scheduled_hook(self::HOOK);
        }
    }

    private function nightly(): void
    {
        if ($this->settings->get('discover') && !$this->slice(self::SLICE_SECONDS)) {
            wp_schedule_single_event(time() + self::PAUSE_SECONDS, self::HOOK, [time()]);
        }
    }

    /**
     * Goes on with the scan, or begins one.
     *
     * @param (callable(string, int): void)|null $progress is told the place that is looked at, and how many values were
     * @return bool whether the scan is finished
     */
    public function slice(float $seconds, ?callable $progress = null): bool
    {
        $lock = PrivateFile::lock($this->place->directory() . '/discover.lock', 0.0);
        if ($lock === null) {
            return false;
        }
        $scan = Scan::load($this->file('scan'), Sources::all());
        $scan->run(microtime(true) + $seconds, $progress);
        if (!$scan->isDone()) {
            $scan->save($this->file('scan'));
            return false;
        }
        @unlink($this->file('scan'));
        $this->finish($scan->findings());
        return true;
    }

    private function finish(Findings $findings): void
    {
        $before = array_column($this->lastFindings(), null, 'place');
        $told = 0;
        foreach ($findings->all() as $finding) {
            $known = $before[$finding['place']] ?? null;
            // What stands there for long is told once; a new kind, or ten times as much, again.
            $isNew = $known === null || array_diff_key($finding['classes'], $known['classes']) !== [] || $finding['records'] >= 10 * $known['records'];
            if ($isNew && $told++ < self::MOST_EVENTS) {
                $this->tell($finding);
            }
        }
        $this->journal->record('database', 'discovery-finished', [
            'wordpress.data.classes' => $findings->classes(),
            'wordpress.discovery.places' => count($findings->all()),
            'wordpress.discovery.values' => $findings->looked(),
            'wordpress.plugin.slug' => '',
        ]);
        PrivateFile::replace($this->file('findings'), (string) json_encode(['at' => time(), 'findings' => $findings->all()], JSON_INVALID_UTF8_SUBSTITUTE));
    }

    /** @param array{kind: string, place: string, classes: array<string, int>, records: int} $finding */
    private function tell(array $finding): void
    {
        $isFile = $finding['kind'] === 'file';
        $this->journal->record($isFile ? 'file' : 'database', 'personal-data-found', [
            'wordpress.target.kind' => $finding['kind'],
            'wordpress.target.name' => $finding['place'],
            'file.path' => $isFile ? $finding['place'] : null,
            'wordpress.data.classes' => array_keys($finding['classes']),
            'wordpress.data.records' => $finding['records'],
            'wordpress.plugin.slug' => '',
        ]);
    }

    /** @return list<array{kind: string, place: string, classes: array<string, int>, records: int}> of the last scan that was finished */
    public function lastFindings(): array
    {
        $file = $this->file('findings');
        $stored = is_file($file) ? json_decode((string) @file_get_contents($file), true) : null;
        return is_array($stored) && is_array($stored['findings'] ?? null) ? array_values($stored['findings']) : [];
    }

    private function file(string $name): string
    {
        return $this->place->directory() . '/discover-' . $name . '.json';
    }
}
