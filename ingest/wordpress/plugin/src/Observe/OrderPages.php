<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Observe\Persons\Orders;
use Tourniquet\Watcher;

/** Orders on pages of the shop: after checkout, in "my account", by order tracking. A customer's own is no foreign person. */
final class OrderPages extends Watcher
{
    /** @var array<int, true> */
    private array $told = [];

    public function register(): void
    {
        Guarded::action('woocommerce_order_details_after_order_table', fn($order) => $this->shown($order));
        Guarded::action('woocommerce_view_order', fn($order) => $this->shown($order), 1);
        Guarded::action('woocommerce_thankyou', fn($order) => $this->shown($order), 1);
        Guarded::action('woocommerce_track_order', fn($order) => $this->shown($order, true));
    }

    /**
     * @param mixed $order
     * @param bool $isProven the order's e-mail address was given
     */
    private function shown($order, bool $isProven = false): void
    {
        $order = Orders::orderOf($order);
        if ($order === null || is_admin() || isset($this->told[(int) $order->get_id()])) {
            return;
        }
        $this->told[(int) $order->get_id()] = true;
        $key = (string) $order->get_order_key();
        $hasKey = $isProven || ($key !== '' && hash_equals($key, Asked::text('key')));
        $found = $this->reading()->found();
        Orders::add($order, $found);
        $this->reading()->view('order-viewed', $found, [
            'woocommerce.order.id' => (int) $order->get_id(),
            'wordpress.request.order_key' => $hasKey ? true : null,
        ]);
    }
}
