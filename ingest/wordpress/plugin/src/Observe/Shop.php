<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Classify\Content;
use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Orders;
use Tourniquet\Watcher;

/**
 * Orders made, edited and deleted, in either store: one event for each order and request, whatever the number of saves. What was
 * changed is told by the names of fields; notes by their length.
 */
final class Shop extends Watcher
{
    /** Orders kept until the request ends; those of an import are told in between. */
    private const MOST_ORDERS = 200;
    /** Not yet orders: a cart on its way through the checkout, or a form that was only opened. */
    private const DRAFTS = ['checkout-draft', 'auto-draft', 'draft', 'new'];

    /** @var array<int, array{order: object, isNew: bool, isDeleted: bool, fields: array<string, true>, status: list<string>, notes: int, noteBytes: int}> */
    private array $orders = [];

    public function register(): void
    {
        Guarded::action('woocommerce_before_order_object_save', fn($order) => $this->saving($order), PHP_INT_MAX);
        Guarded::action('woocommerce_new_order', fn($id, $order = null) => $this->touched($order ?? $id, ['isNew' => true]), PHP_INT_MAX, 2);
        Guarded::action('woocommerce_update_order', fn($id, $order = null) => $this->touched($order ?? $id), PHP_INT_MAX, 2);
        Guarded::action('woocommerce_order_status_changed', fn($id, $from, $to, $order = null) => $this->touched($order ?? $id, ['status' => [(string) $from, (string) $to]]), PHP_INT_MAX, 4);
        Guarded::action('woocommerce_order_note_added', fn($note, $order) => $this->noted($note, $order), PHP_INT_MAX, 2);
        foreach (['woocommerce_before_delete_order', 'woocommerce_before_trash_order'] as $hook) {
            Guarded::action($hook, fn($id, $order = null) => $this->touched($order ?? $id, ['isDeleted' => true]), 1, 2);
        }
        foreach (['before_delete_post', 'wp_trash_post'] as $hook) {
            Guarded::action($hook, fn($id) => get_post_type((int) $id) === 'shop_order' ? $this->touched((int) $id, ['isDeleted' => true]) : null, 1);
        }
    }

    /** @param mixed $order before its changes are written */
    private function saving($order): void
    {
        if (!is_object($order) || !method_exists($order, 'get_changes') || !method_exists($order, 'get_billing_email')) {
            return;
        }
        $names = [];
        foreach ((array) $order->get_changes() as $name => $value) {
            if (is_array($value) && ($name === 'billing' || $name === 'shipping')) {
                foreach (array_keys($value) as $part) {
                    $names[$name . '_' . $part] = true;
                }
            } elseif (!in_array($name, ['date_modified', 'version', 'cart_hash', 'order_stock_reduced', 'recorded_sales', 'new_order_email_sent', 'download_permissions_granted'], true)) {
                $names[(string) $name] = true;
            }
        }
        $names !== [] && (int) $order->get_id() > 0 && $this->touched($order, ['fields' => $names]);
    }

    /**
     * @param mixed $order
     * @param array<string, mixed> $more
     */
    private function touched($order, array $more = []): void
    {
        $id = is_object($order) && method_exists($order, 'get_id') ? (int) $order->get_id() : (is_scalar($order) ? (int) $order : 0);
        if ($id < 1) {
            return;
        }
        if (!isset($this->orders[$id])) {
            count($this->orders) >= self::MOST_ORDERS && $this->tell();
            $known = Orders::orderOf($order);
            if ($known === null || (int) $known->get_id() !== $id) {
                return;
            }
            if ($this->orders === []) {
                Guarded::action('shutdown', fn() => $this->tell(), 900);
            }
            $this->orders[$id] = ['order' => $known, 'isNew' => false, 'isDeleted' => false, 'fields' => [], 'status' => [], 'notes' => 0, 'noteBytes' => 0];
        }
        $kept = &$this->orders[$id];
        $kept['isNew'] = $kept['isNew'] || isset($more['isNew']);
        $kept['isDeleted'] = $kept['isDeleted'] || isset($more['isDeleted']);
        $kept['fields'] += $more['fields'] ?? [];
        if (isset($more['status'])) {
            $kept['status'] = [$kept['status'][0] ?? $more['status'][0], $more['status'][1]];
        }
    }

    /**
     * @param mixed $noteId
     * @param mixed $order
     */
    private function noted($noteId, $order): void
    {
        $note = get_comment((int) $noteId);
        // WooCommerce's own notes tell what the other fields say already; they come from an address of its own.
        if (!$note instanceof \WP_Comment || strncasecmp((string) $note->comment_author_email, 'woocommerce@', 12) === 0) {
            return;
        }
        $this->touched($order, ['fields' => ['note' => true]]);
        $id = is_object($order) && method_exists($order, 'get_id') ? (int) $order->get_id() : 0;
        if (isset($this->orders[$id])) {
            $this->orders[$id]['notes']++;
            $this->orders[$id]['noteBytes'] += strlen((string) $note->comment_content);
            $this->orders[$id]['fields'] += array_fill_keys(array_map(static fn(string $class): string => 'note:' . $class, array_keys(Content::classes((string) $note->comment_content))), true);
        }
    }

    private function tell(): void
    {
        $orders = $this->orders;
        $this->orders = [];
        foreach ($orders as $id => $kept) {
            if (in_array((string) $kept['order']->get_status(), self::DRAFTS, true)) {
                continue;
            }
            if (!$kept['isNew'] && !$kept['isDeleted'] && $kept['fields'] === [] && $kept['status'] === []) {
                continue;
            }
            $found = $this->reading()->found();
            Orders::add($kept['order'], $found);
            $names = array_keys($kept['fields']);
            $classes = array_map(static fn(string $name): string => substr($name, 5), array_filter($names, static fn(string $name): bool => strpos($name, 'note:') === 0));
            $names = array_values(array_filter($names, static fn(string $name): bool => strpos($name, ':') === false && preg_match('/^[a-z0-9_]{1,40}$/', $name) === 1));
            sort($names);
            $action = $kept['isNew'] ? 'order-created' : ($kept['isDeleted'] ? 'order-deleted' : 'order-updated');
            $this->journal->record('database', $action, [
                'woocommerce.order.id' => $id,
                'woocommerce.order.status_old' => $kept['isNew'] ? null : ($kept['status'][0] ?? null),
                'woocommerce.order.status' => $kept['status'][1] ?? null,
                'woocommerce.order.notes' => $kept['notes'] ?: null,
                'woocommerce.order.note_length' => $kept['noteBytes'] ?: null,
                'wordpress.data.fields' => $kept['isNew'] ? null : array_slice($names, 0, 64),
                'wordpress.data.classes' => array_values(array_unique(array_merge($kept['isNew'] ? $found->classes() : [], $classes))),
                'wordpress.data.records' => 1,
            ] + ($kept['isNew'] ? OrderPrice::fields($kept['order']) : []), $found->subjects());
        }
    }
}
