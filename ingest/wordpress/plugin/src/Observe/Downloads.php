<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\Orders;
use Tourniquet\Observe\Persons\Reading;
use Tourniquet\Record\Redactor;
use Tourniquet\Watcher;

/**
 * Files that leave through PHP: bought downloads; backups and tables that some plugin sends as an attachment, whichever it is;
 * and asking for backups and dumps that WordPress answers with "not found".
 */
final class Downloads extends Watcher
{
    private const BACKUPS = '/(?:updraft|backup|backwpup|duplicator|ai1wm|all-in-one-wp-migration|wpvivid|migrat|snapshot|clone)/i';
    private const DUMP = '/\.(?:sql|sql\.gz|sql\.zip|dump|bak|wpress|daf|tar|tar\.gz|tgz|zip|7z|rar|gz)$/i';
    private const TABLE = '/\.(?:csv|tsv|xlsx?|ods|json|xml|vcf)$/i';

    public function register(): void
    {
        Guarded::action('woocommerce_download_product', fn($email, $key, $product, $user, $download, $order) => $this->bought((string) $email, (int) $product, (int) $user, (int) $order), 10, 6);
        Guarded::action('template_redirect', fn() => $this->missing(), PHP_INT_MAX);
        Guarded::action('shutdown', fn() => $this->sent(), 950);
    }

    private function bought(string $email, int $product, int $user, int $order): void
    {
        $found = $this->reading()->found();
        $known = Orders::orderOf($order);
        $country = $known === null ? '' : (string) $known->get_billing_country();
        $found->person('customer', $email, $user, $country)->counted(1);
        $this->reading()->view('product-downloaded', $found, [
            'woocommerce.order.id' => $order,
            'woocommerce.product.id' => $product,
            // The address of a download holds the order's key.
            'wordpress.request.order_key' => true,
        ]);
    }

    private function missing(): void
    {
        if (!is_404()) {
            return;
        }
        $path = strtolower((string) strtok((string) ($_SERVER['REQUEST_URI'] ?? ''), '?#'));
        if (preg_match(self::DUMP, $path, $match) === 1) {
            $this->journal->record('http', 'backup-requested', ['event.outcome' => 'failure', 'http.response.status_code' => 404, 'file.extension' => ltrim($match[0], '.')]);
        }
    }

    /** An attachment that nobody told of yet. */
    private function sent(): void
    {
        $header = implode('', preg_grep('/^content-disposition:\s*attachment/i', headers_list()) ?: []);
        if ($header === '' || !$this->isStaff()) {
            return;
        }
        $name = preg_match('/filename\*?=(?:UTF-8\'\')?"?([^";]+)/i', $header, $match) === 1 ? trim($match[1]) : '';
        // The screen or action that was asked for names the plugin.
        $plugin = Redactor::name((string) preg_replace('/[^A-Za-z0-9_-]/', '', substr(Asked::text('action', 'page'), 0, 64)));
        if (preg_match(self::DUMP, $name, $kind) === 1 && (preg_match(self::BACKUPS, $plugin . ' ' . $name) === 1 || preg_match('/sql|dump|wpress|daf/i', $kind[0]) === 1)) {
            $this->tell('backup-downloaded', $kind[0], $plugin, 0, $this->reading()->found());
        } elseif (preg_match(self::TABLE, $name, $kind) === 1 && Reading::told() === 0) {
            [$table, $rows, $found] = TableReads::largest();
            $action = ['order' => 'orders-exported', 'customer' => 'customers-exported', 'user' => 'users-exported', 'entry' => 'entries-exported'][self::kindOf($table)] ?? 'file-downloaded';
            $this->tell($action, $kind[0], $plugin, $rows, $found ?? $this->reading()->found());
        }
    }

    private function tell(string $action, string $extension, string $plugin, int $rows, Found $found): void
    {
        $this->reading()->export($action, $found, $rows, strtolower(ltrim($extension, '.')), array_filter([
            'wordpress.ajax.action' => $plugin,
            'file.extension' => strtolower(ltrim($extension, '.')),
            'woocommerce.export.rows' => $rows ?: null,
        ]));
    }

    private static function kindOf(string $table): string
    {
        if (preg_match('/(?:order|post)/', $table) === 1) {
            return 'order';
        }
        if (strpos($table, 'customer') !== false) {
            return 'customer';
        }
        if (preg_match('/user/', $table) === 1) {
            return 'user';
        }
        return $table === '' ? '' : 'entry';
    }

    /** Others' attachments are invoices and downloads of their own; a visitor's are a leak only when a table was read for them. */
    private function isStaff(): bool
    {
        $user = $this->journal->context()->user();
        return $user !== null ? ($user->has_cap('edit_posts') || $user->has_cap('manage_woocommerce')) : TableReads::largest()[1] > 0;
    }
}
