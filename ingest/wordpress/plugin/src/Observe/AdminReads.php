<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Found;
use Tourniquet\Observe\Persons\Orders;
use Tourniquet\Watcher;

/**
 * Whom the screens of wp-admin show: orders (posts and own tables), accounts, comments. A screen's rows are taken from what it
 * draws, so that nothing is read twice. Of an order that is opened the order alone is told, not the lists around it.
 */
final class AdminReads extends Watcher
{
    private const ORDERS = '/(?:^edit-shop_order$|page_wc-orders(?:--[a-z_-]+)?$)/';
    /** Of an order that is only a form yet. */
    private const FORMS = ['auto-draft', 'draft', 'new'];

    private ?Found $rows = null;
    private string $list = '';
    /** @var array<string, true> what is in `$rows` already */
    private array $counted = [];

    public function register(): void
    {
        Guarded::action('current_screen', fn($screen) => $this->opened($screen));
        Guarded::look('woocommerce_admin_order_preview_get_order_details', function ($details, $order): void {
            $this->order($order, ['wordpress.ajax.action' => 'woocommerce_get_order_details']);
        }, PHP_INT_MAX, 2);
    }

    /** @param mixed $screen */
    private function opened($screen): void
    {
        if (!$screen instanceof \WP_Screen || wp_doing_ajax()) {
            return;
        }
        $id = $screen->id;
        if ($id === 'shop_order' || preg_match(self::ORDERS, $id) === 1) {
            $isOne = $id === 'shop_order' || Asked::text('action') === 'edit';
            $isOne ? $this->watchOrder() : $this->watchOrders();
        } elseif ($id === 'users' || $id === 'users-network') {
            $this->watchRows('user-list-viewed', ['user_row_actions', 'ms_user_row_actions'], fn($user) => $this->account($user));
        } elseif ($id === 'edit-comments') {
            $this->watchRows('comment-list-viewed', ['comment_row_actions'], fn($comment) => $this->comment($comment));
        } elseif ($id === 'user-edit' || $id === 'user-edit-network') {
            Guarded::action('edit_user_profile', fn($user) => $this->profile($user));
        }
    }

    private function watchOrder(): void
    {
        // Both fire where the order's data is drawn, that is, after WordPress let the account see it.
        Guarded::action('woocommerce_order_actions_start', fn($id) => $this->order($id, []));
        Guarded::action('woocommerce_admin_order_data_after_billing_address', fn($order) => $this->order($order, []));
    }

    private function watchOrders(): void
    {
        $this->begin('order-list-viewed');
        foreach (['woocommerce_order_number', 'woocommerce_order_formatted_billing_address'] as $hook) {
            Guarded::look($hook, function ($value, $order): void {
                if ($this->rows !== null && is_object($order) && method_exists($order, 'get_id') && $this->isNew('order:' . $order->get_id())) {
                    Orders::add($order, $this->rows);
                }
            }, PHP_INT_MAX, 2);
        }
    }

    /** @param list<string> $hooks filters of a list table's row: the actions and the record */
    private function watchRows(string $list, array $hooks, callable $add): void
    {
        $this->begin($list);
        foreach ($hooks as $hook) {
            Guarded::look($hook, static function ($actions, $record) use ($add): void {
                $add($record);
            }, PHP_INT_MAX, 2);
        }
    }

    private function begin(string $list): void
    {
        if ($this->list === '') {
            Guarded::action('shutdown', fn() => $this->told(), 900);
        }
        $this->list = $list;
        $this->rows = $this->reading()->found();
    }

    private function told(): void
    {
        $rows = $this->rows;
        $this->rows = null;
        if ($rows !== null && $rows->records() > 0) {
            $this->reading()->view($this->list, $rows, ['woocommerce.list.count' => $rows->records()] + SearchTerm::fields(Asked::text('s'), $this->journal->context()));
        }
    }

    /**
     * @param mixed $order
     * @param array<string, mixed> $fields
     */
    private function order($order, array $fields): void
    {
        $order = Orders::orderOf($order);
        if ($order === null || in_array((string) $order->get_status(), self::FORMS, true) || !$this->isNew('viewed:' . $order->get_id())) {
            return;
        }
        $found = $this->reading()->found();
        Orders::add($order, $found);
        $found->saw('phone', 'address_1', 'customer_ip_address');
        $this->reading()->view('order-viewed', $found, $fields + ['woocommerce.order.id' => (int) $order->get_id()]);
    }

    /** @param mixed $user */
    private function account($user): void
    {
        if ($user instanceof \WP_User && $this->rows !== null && $this->isNew('user:' . $user->ID)) {
            $this->rows->user($user)->saw('email', 'name', 'username')->counted(1);
        }
    }

    /** @param mixed $comment */
    private function comment($comment): void
    {
        if ($comment instanceof \WP_Comment && $this->rows !== null && $this->isNew('comment:' . $comment->comment_ID)) {
            $this->rows->person('contact', (string) $comment->comment_author_email, (int) $comment->user_id)->saw('email', 'name', 'ip_address')->counted(1);
        }
    }

    /** @param mixed $user */
    private function profile($user): void
    {
        if (!$user instanceof \WP_User || (int) $user->ID === get_current_user_id()) {
            return;
        }
        $found = $this->reading()->found()->user($user)->saw('email', 'name', 'username')->counted(1);
        if (get_user_meta($user->ID, 'billing_address_1', true) !== '') {
            $found->saw('address', 'phone');
        }
        $this->reading()->view('user-viewed', $found, ['user.target.name' => $this->journal->context()->nameOf($user)]);
    }

    private function isNew(string $record): bool
    {
        $isNew = !isset($this->counted[$record]);
        $this->counted[$record] = true;
        return $isNew;
    }
}
