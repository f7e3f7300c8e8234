<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

use Tourniquet\Memory;
use Tourniquet\Record\Journal;

/** Tells a read or an export: what was found, for whom, and whether that is the actor's habit. */
final class Reading
{
    private Journal $journal;
    private Memory $memory;
    private static int $told = 0;

    public function __construct(Journal $journal, Memory $memory)
    {
        $this->journal = $journal;
        $this->memory = $memory;
    }

    public function found(): Found
    {
        return new Found($this->journal->context()->user());
    }

    /** @param array<string, mixed> $fields by dotted names */
    public function view(string $action, Found $found, array $fields = []): void
    {
        $count = $found->count();
        $fields += $found->fields() + [
            'wordpress.response.subjects' => $count ?: null,
            'wordpress.response.foreign_subjects' => $count > 0 ? $found->foreign() : null,
            'wordpress.actor.habit' => $found->foreign() > 0 ? $this->habit($action, $found->records(), $fields) : '',
        ];
        self::$told += $found->records();
        $this->journal->record('data_access', $action, $fields, $found->subjects());
    }

    /**
     * Durable before anything is sent.
     *
     * @param array<string, mixed> $fields
     */
    public function export(string $action, Found $found, int $rows, string $format, array $fields = []): void
    {
        $fields += [
            'woocommerce.export.rows' => $rows,
            'woocommerce.export.format' => $format,
            'wordpress.actor.habit' => $this->habit($action, max(1, $rows), $fields),
            'wordpress.data.records' => max($rows, $found->records()) ?: null,
        ] + $found->fields();
        self::$told += max($rows, $found->records());
        $this->journal->urgent('data_export', $action, $fields, $found->subjects());
    }

    /** @param array<string, mixed> $fields */
    public function backup(array $fields): void
    {
        $this->journal->urgent('data_export', 'backup-created', $fields + ['wordpress.actor.habit' => $this->habit('backup-created', 1, $fields)]);
    }

    /** @param array<string, mixed> $fields */
    public function table(Found $found, int $rows, array $fields): void
    {
        $fields += [
            'wordpress.query.rows' => $rows,
            'wordpress.actor.habit' => $this->habit('table-read', $rows, $fields),
            'wordpress.data.records' => max($rows, $found->records()),
        ] + $found->fields();
        $this->journal->record('database', 'table-read', $fields, $found->subjects());
    }

    /** Records that this request's reads and exports told already. */
    public static function told(): int
    {
        return self::$told;
    }

    /** @param array<string, mixed> $fields */
    private function habit(string $action, int $amount, array $fields): string
    {
        $slug = $fields['wordpress.plugin.slug'] ?? '';
        return $this->memory->habit($action, $this->memory->actor(is_string($slug) ? $slug : ''), $amount);
    }
}
