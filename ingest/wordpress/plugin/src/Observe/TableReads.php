<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\Reading;
use Tourniquet\Observe\Persons\TableQuery;
use Tourniquet\Record\ActingPlugin;
use Tourniquet\Watcher;

/**
 * Many rows of accounts, orders, customers and form entries read through `$wpdb`. Before each query the rows of the one before
 * are counted; nothing of a query but its table and whether it had a bound is kept. Reads that a list, an interface or an
 * export told already are not told again. Queries past `$wpdb` are not seen here: see the database's own log.
 */
final class TableReads extends Watcher
{
    /** Rows of one table, in one request. */
    private const FEWEST = 200;
    private const MOST_PERSONS = 10000;
    /** Columns with an address, and whose it is. */
    private const COLUMNS = ['user_email' => 'user', 'billing_email' => 'customer', 'customer_email' => 'customer', 'comment_author_email' => 'contact', 'email' => 'customer'];

    private ?TableQuery $running = null;
    private bool $isAboutKeys = false;
    private string $plugin = '';
    /** @var array<string, array{table: string, plugin: string, rows: int, isBounded: bool, found: Found}> */
    private array $reads = [];
    /** @var array{string, int, Found|null} */
    private static array $largest = ['', 0, null];

    public function register(): void
    {
        Guarded::look('query', fn($query) => is_string($query) ? $this->before($query) : null, PHP_INT_MAX);
        Guarded::action('shutdown', fn() => $this->finish(), 940);
        Guarded::action('shutdown', fn() => $this->tell(), 960);
    }

    /** @return array{string, int, Found|null} the table most rows of persons were read from in this request, how many, and whose */
    public static function largest(): array
    {
        return self::$largest;
    }

    private function before(string $query): void
    {
        if ($this->isAboutKeys || $this->running !== null) {
            $this->finish();
        }
        if (strpos($query, 'woocommerce_api_keys') !== false) {
            $this->isAboutKeys = true;
            ApiKeys::changed($query, $this->journal);
            return;
        }
        $this->running = TableQuery::of($query);
        if ($this->running !== null) {
            $this->plugin = ActingPlugin::slug();
        }
    }

    private function finish(): void
    {
        global $wpdb;
        if ($this->isAboutKeys) {
            $this->isAboutKeys = false;
            ApiKeys::ran();
        }
        $running = $this->running;
        $this->running = null;
        $rows = $running === null ? 0 : min((int) $wpdb->num_rows, $running->most);
        if ($running === null || $rows < TableQuery::FEWEST) {
            return;
        }
        $read = &$this->reads[$running->table . "\n" . $this->plugin];
        $read ??= ['table' => $running->table, 'plugin' => $this->plugin, 'rows' => 0, 'isBounded' => true, 'found' => $this->reading()->found()];
        $read['rows'] += $rows;
        $read['isBounded'] = $read['isBounded'] && $running->isBounded;
        self::persons(is_array($wpdb->last_result) ? $wpdb->last_result : [], $read['found']);
        if ($read['rows'] >= self::FEWEST && $read['rows'] > self::$largest[1]) {
            self::$largest = [$read['table'], $read['rows'], $read['found']];
        }
    }

    /** @param array<mixed> $rows of the query that just ran */
    private static function persons(array $rows, Found $found): void
    {
        $first = reset($rows);
        foreach (is_object($first) ? self::COLUMNS : [] as $column => $type) {
            if (!property_exists($first, $column)) {
                continue;
            }
            $found->saw(...array_keys(get_object_vars($first)));
            foreach (array_slice($rows, 0, self::MOST_PERSONS) as $row) {
                $email = $row->$column ?? '';
                is_string($email) && strpos($email, '@') > 0 && $found->person($type, $email);
            }
            return;
        }
    }

    private function tell(): void
    {
        $reads = $this->reads;
        $this->reads = [];
        $told = $reads === [] ? 0 : Reading::told();
        foreach ($reads as $read) {
            if ($read['rows'] < self::FEWEST || $read['rows'] <= $told || $this->isRepeated($read)) {
                continue;
            }
            $this->reading()->table($read['found'], $read['rows'], [
                'wordpress.query.verb' => 'select',
                'wordpress.query.table' => $read['table'],
                'wordpress.query.bounded' => $read['isBounded'],
                'wordpress.plugin.slug' => $read['plugin'],
            ]);
        }
    }

    /**
     * What code reads with every visit or run of cron is told once an hour, and again when it is about twice as much.
     *
     * @param array{table: string, plugin: string, rows: int, isBounded: bool, found: Found} $read
     */
    private function isRepeated(array $read): bool
    {
        $size = (int) floor(log($read['rows'], 2));
        $key = implode("\n", [$read['table'], $read['plugin'], $read['isBounded'] ? 'bounded' : 'all', $size]);
        return $this->journal->context()->user() === null && !$this->memory->isFirstThisHour('table-read', $key);
    }
}
