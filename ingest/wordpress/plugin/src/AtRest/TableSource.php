<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

use Tourniquet\Classify\Content;
use Tourniquet\Record\Redactor;

/** A column of a table, by its primary key, a few rows at a time. */
final class TableSource implements Source
{
    private const ROWS = 100;
    /** Of each value: classes show in its beginning, and memory stays bounded. */
    private const BYTES = 16384;

    private string $table;
    private string $key;
    private string $column;
    private string $nameColumn;

    /** Names of the schema, never of people. `$nameColumn`: what a value is filed under (`meta_key`), or empty. */
    public function __construct(string $table, string $key, string $column, string $nameColumn = '')
    {
        $this->table = $table;
        $this->key = $key;
        $this->column = $column;
        $this->nameColumn = $nameColumn;
    }

    public function name(): string
    {
        return $this->table . '.' . $this->column;
    }

    public function step(array $cursor, float $until, Findings $findings): ?array
    {
        global $wpdb;
        $after = (int) ($cursor['after'] ?? 0);
        $named = $this->nameColumn === '' ? "''" : "`{$this->nameColumn}`";
        $query = "SELECT `{$this->key}` AS id, {$named} AS name, LEFT(`{$this->column}`, %d) AS value FROM `{$this->table}` WHERE `{$this->key}` > %d ORDER BY `{$this->key}` LIMIT %d";
        do {
            $rows = $wpdb->get_results($wpdb->prepare($query, self::BYTES, $after, self::ROWS));
            foreach (is_array($rows) ? $rows : [] as $row) {
                $after = (int) $row->id;
                // Our own are pseudonyms; a value of a few letters or digits is nothing that identifies.
                if (strlen((string) $row->value) >= 6 && strncmp((string) $row->name, 'tourniquet_', 11) !== 0) {
                    $findings->add($this->nameColumn === 'option_name' ? 'option' : 'table', $this->place((string) $row->name), Content::classes((string) $row->value));
                }
            }
            if (!is_array($rows) || count($rows) < self::ROWS) {
                return null;
            }
        } while (microtime(true) < $until);
        return ['after' => $after];
    }

    private function place(string $name): string
    {
        if ($name === '') {
            return $this->name();
        }
        // Names made up as they go (`_transient_x_5f3a9…`) are one place.
        $name = (string) preg_replace('/[0-9a-f]{12,}|\d{2,}/i', '*', $name);
        return $this->name() . ': ' . Redactor::text($name);
    }
}
