<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

use Tourniquet\Record\Journal;
use Tourniquet\Record\Redactor;

/** Compares files with the baseline, as far as the time goes, and tells each difference once. */
final class Check
{
    /** More differences of one part are told together. */
    private const MOST_TOLD = 20;

    private Shelf $shelf;
    private Journal $journal;
    /** Whether every file is hashed; otherwise those whose size or times changed. */
    private bool $thorough;
    private int $found = 0;
    /** @var list<array{path: string, type: string, hash: string}> of the part that is looked at */
    private array $differences = [];
    /** Whether the baseline is not ours: parts it does not know are no news then. */
    private bool $isReplaced = false;
    /** Whether its snapshot has to be put back. */
    private bool $isFresher = false;

    public function __construct(Shelf $shelf, Journal $journal, bool $thorough)
    {
        $this->shelf = $shelf;
        $this->journal = $journal;
        $this->thorough = $thorough;
    }

    public function found(): int
    {
        return $this->found;
    }

    /**
     * @param array{left: list<string>, pending?: list<string>|null} $state parts that are left, the first perhaps begun
     * @return array{left: list<string>, pending: list<string>|null}|null where it stopped; null when all is done
     */
    public function run(array $state, float $deadline): ?array
    {
        $left = $state['left'];
        $pending = $state['pending'] ?? null;
        if (!Baseline::isOurs($this->shelf)) {
            Baseline::tellReplaced($this->shelf);
            $this->isReplaced = true;
        }
        $parts = Part::all();
        $awaited = $this->shelf->awaited();
        while ($left !== []) {
            if (microtime(true) >= $deadline) {
                return ['left' => $left, 'pending' => $pending];
            }
            $id = $left[0];
            if (isset($parts[$id]) && !in_array($id, $awaited, true)) {
                $pending = $this->part($parts[$id], $pending, $deadline);
                if ($pending !== null) {
                    return ['left' => $left, 'pending' => $pending];
                }
            }
            array_shift($left);
            $pending = null;
        }
        foreach (array_diff(array_keys($this->shelf->index()), array_keys($parts), $awaited) as $gone) {
            $this->tellMany(new Part($gone, ABSPATH), 'deletion', (int) $this->shelf->index()[$gone]['files']);
            $this->shelf->drop($gone);
            Baseline::remember($this->shelf);
        }
        return null;
    }

    /** Once all is through, in however many slices. */
    public function tellResult(int $differences): void
    {
        $this->journal->record('file', 'baseline-checked', [
            'event.outcome' => $differences === 0 ? 'success' : 'failure',
            'wordpress.baseline.hash' => $this->shelf->hash(),
            'wordpress.baseline.differences' => $differences,
        ]);
    }

    /**
     * @param list<string>|null $pending
     * @return list<string>|null directories that are left
     */
    private function part(Part $part, ?array $pending, float $deadline): ?array
    {
        $known = $this->shelf->snapshot($part->id);
        if ($known === null) {
            $this->appeared($part);
            return null;
        }
        $this->differences = [];
        $this->isFresher = false;
        $walk = new FileWalk($part, $pending);
        $stopped = false;
        while (!$stopped && ($paths = $walk->next()) !== null) {
            foreach ($paths as $path) {
                $this->file($part, $known, $path);
            }
            $stopped = microtime(true) >= $deadline;
        }
        if (!$stopped) {
            $this->missing($part, $known);
        }
        $this->tell($part);
        if ($this->isFresher || $this->differences !== []) {
            $this->shelf->put($part->id, $known, (string) $this->shelf->index()[$part->id]['version']);
            Baseline::remember($this->shelf);
        }
        return $stopped && $walk->pending() !== [] ? $walk->pending() : null;
    }

    private function file(Part $part, Snapshot $known, string $path): void
    {
        $full = $part->root . '/' . $path;
        if (!$this->thorough && $known->looksSame($path, $full)) {
            return;
        }
        $now = Snapshot::look($full);
        if ($now === null || ($part->id === 'uploads' && self::isPlaceholder($full, $now[1]))) {
            return;
        }
        $recorded = $known->files[$path] ?? null;
        if ($recorded !== null && $recorded[0] === $now[0]) {
            // Touched at most, or set right again.
            $this->isFresher = $this->isFresher || $recorded !== $now || isset($known->told[$path]);
            $known->files[$path] = $now;
            unset($known->told[$path]);
        } elseif (($known->told[$path] ?? null) !== $now[0]) {
            $known->told[$path] = $now[0];
            $this->differences[] = ['path' => $path, 'type' => $recorded === null ? 'creation' : 'change', 'hash' => $now[0]];
        }
    }

    private function missing(Part $part, Snapshot $known): void
    {
        foreach (array_keys($known->files) as $path) {
            if (($known->told[$path] ?? null) !== '' && !file_exists($part->root . '/' . $path)) {
                $known->told[$path] = '';
                $this->differences[] = ['path' => (string) $path, 'type' => 'deletion', 'hash' => ''];
            }
        }
    }

    private function tell(Part $part): void
    {
        foreach (array_slice($this->differences, 0, self::MOST_TOLD) as $difference) {
            $full = $part->root . '/' . $difference['path'];
            $created = $part->id === 'uploads';
            $this->journal->urgent('file', $created ? 'file-created' : $part->action(), [
                'event.type' => $difference['type'],
                'wordpress.plugin.slug' => $created ? '' : $part->slug($difference['path']),
                'file.path' => Redactor::file($full),
                'file.name' => Redactor::text(basename($full)),
                'file.extension' => preg_replace('/[^a-z0-9]/', '', substr(strtolower(pathinfo($full, PATHINFO_EXTENSION)), 0, 10)),
                'file.size' => is_file($full) ? (int) filesize($full) : null,
                'file.hash.sha256' => $difference['hash'],
            ]);
        }
        $this->found += count($this->differences);
        if (count($this->differences) > self::MOST_TOLD) {
            $this->found -= count($this->differences);
            $this->tellMany($part, 'change', count($this->differences));
        }
    }

    private function tellMany(Part $part, string $type, int $files): void
    {
        $this->found += $files;
        $this->journal->urgent('file', $part->id === 'uploads' ? 'file-created' : $part->action(), [
            'event.type' => $type,
            'wordpress.plugin.slug' => $part->slug(),
            'wordpress.package.version' => $part->exists() ? Package::versionOfPart($part) : null,
            'wordpress.baseline.files' => $files,
        ]);
    }

    /** A part without a snapshot: it came past WordPress, or its snapshot was damaged. */
    private function appeared(Part $part): void
    {
        if (isset($this->shelf->index()[$part->id]) && !$this->isReplaced) {
            $this->journal->urgent('file', 'baseline-replaced', ['event.outcome' => 'unknown', 'wordpress.plugin.slug' => $part->slug()]);
        }
        $snapshot = new Snapshot();
        $walk = new FileWalk($part, $part->id === 'uploads' ? [] : null);
        while (($paths = $walk->next()) !== null) {
            foreach ($paths as $path) {
                $now = Snapshot::look($part->root . '/' . $path);
                if ($now !== null) {
                    $snapshot->files[$path] = $now;
                }
            }
        }
        if ($snapshot->files !== [] && !$this->isReplaced) {
            $this->tellMany($part, 'creation', count($snapshot->files));
        }
        $this->shelf->put($part->id, $snapshot, Package::versionOfPart($part));
        Baseline::remember($this->shelf);
    }

    /** The empty index.php that keeps a directory from being listed. */
    private static function isPlaceholder(string $full, int $bytes): bool
    {
        return basename($full) === 'index.php' && $bytes <= 64
            && preg_match('/^\s*(?:<\?php\s*(?:\/\/[^\r\n?]*|\/\*[^?]*\*\/)?\s*(?:\?>)?\s*)?$/', (string) file_get_contents($full)) === 1;
    }
}
