<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Exported;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Watcher;

/** WordPress' export, its export and erasure of one person's data, and the CSV files of WooCommerce. Files of other plugins: `Downloads`. */
final class Exports extends Watcher
{
    /** @var array<string, array{Found, int}> what the rows of a running report export held, by kind */
    private array $reports = [];
    private int $products = 0;

    public function register(): void
    {
        Guarded::action('export_wp', fn($arguments = []) => $this->content(is_array($arguments) ? $arguments : []));
        Guarded::action('wp_privacy_personal_data_export_file_created', fn($archive, $url, $report, $request) => $this->person('personal-data-exported', (int) $request), 10, 4);
        Guarded::action('wp_privacy_personal_data_erased', fn($request) => $this->person('personal-data-erased', (int) $request));
        Guarded::action('save_post_user_request', fn($id, $post, $isUpdate) => $isUpdate ? null : $this->person('personal-data-requested', (int) $id), 10, 3);
        Guarded::look('woocommerce_product_export_rows', fn($csv) => $this->productRows(is_string($csv) ? $csv : ''), PHP_INT_MAX);
        foreach (['customers', 'orders', 'products', 'revenue', 'downloads'] as $kind) {
            Guarded::look("woocommerce_export_admin_{$kind}_report_row_data", fn($row, $item = null) => $this->reportRow($kind, $row, $item), PHP_INT_MAX, 2);
            Guarded::look("woocommerce_admin_{$kind}_report_export_rows", fn($csv, $exporter = null) => $this->reportPart($kind, $csv, $exporter), PHP_INT_MAX, 2);
        }
    }

    /** @param array<mixed> $arguments */
    private function content(array $arguments): void
    {
        $type = is_string($arguments['content'] ?? null) ? $arguments['content'] : 'all';
        $types = $type === 'all' ? array_values(get_post_types(['can_export' => true])) : [$type];
        $rows = 0;
        foreach ($types as $name) {
            $counts = (array) wp_count_posts($name);
            unset($counts['auto-draft']);
            $rows += (int) array_sum(array_map('intval', $counts));
        }
        $found = $this->reading()->found();
        Exported::content($types, $found);
        $action = in_array($type, ['shop_order', 'shop_subscription'], true) ? 'orders-exported' : 'content-exported';
        $this->reading()->export($action, $found, $rows, 'wxr', ['wordpress.export.content' => preg_replace('/[^a-z0-9_-]/', '', $type)]);
    }

    private function person(string $action, int $requestId): void
    {
        $request = wp_get_user_request($requestId);
        $email = $request instanceof \WP_User_Request ? (string) $request->email : '';
        if ($email === '') {
            return;
        }
        $found = $this->reading()->found()->person('user', $email, (int) $request->user_id)->counted(1);
        $fields = ['wordpress.privacy.request' => $requestId, 'wordpress.privacy.kind' => $request->action_name === 'remove_personal_data' ? 'erasure' : 'export'];
        if ($action === 'personal-data-exported') {
            $this->reading()->export($action, $found, 1, 'zip', $fields);
            return;
        }
        $this->journal->urgent('database', $action, $fields + $found->fields(), $found->subjects());
    }

    private function productRows(string $csv): void
    {
        if ($this->products === 0) {
            Guarded::action('shutdown', function (): void {
                $found = $this->reading()->found()->counted($this->products);
                $this->reading()->export('products-exported', $found, $this->products, 'csv', ['wordpress.data.classes' => ['ip.price_list']]);
            }, 900);
        }
        $this->products += max(1, Exported::rowsOf($csv));
    }

    /**
     * A row as it is prepared, in the request of whoever asked for the report (which prepares the first part) and again in the
     * job that writes it.
     *
     * @param mixed $row
     * @param mixed $item what the row was made of; of an order's row only this names the account
     */
    private function reportRow(string $kind, $row, $item): void
    {
        if (!is_array($row) || in_array($this->journal->context()->kind(), ['cron', 'cli'], true)) {
            return;
        }
        if ($this->reports === []) {
            Guarded::action('shutdown', fn() => $this->reportsAsked(), 900);
        }
        $this->reports[$kind] ??= [$this->reading()->found(), 0];
        $this->reports[$kind][1]++;
        Exported::row($row, $this->reports[$kind][0], is_array($item) ? $item : []);
    }

    private function reportsAsked(): void
    {
        foreach ($this->reports as $kind => [$found, $rows]) {
            $this->reading()->export(self::actionOf($kind), $found, $rows, 'csv', ['wordpress.export.report' => $kind]);
        }
        $this->reports = [];
    }

    /**
     * A part of the file, written by a job later: of the first part it was told who asked for it.
     *
     * @param mixed $csv
     * @param mixed $exporter
     */
    private function reportPart(string $kind, $csv, $exporter): void
    {
        $page = is_object($exporter) && method_exists($exporter, 'get_page') ? (int) $exporter->get_page() : 1;
        if (!is_string($csv) || $page < 2) {
            return;
        }
        $found = $this->reading()->found();
        Exported::csv($csv, $found);
        $this->reading()->export(self::actionOf($kind), $found, Exported::rowsOf($csv), 'csv', ['wordpress.export.report' => $kind, 'wordpress.export.part' => $page]);
    }

    private static function actionOf(string $kind): string
    {
        return ['customers' => 'customers-exported', 'orders' => 'orders-exported', 'products' => 'products-exported'][$kind] ?? 'report-exported';
    }
}
