<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/** Whom an order is about, whichever WooCommerce and store it comes from: only documented getters are asked. */
final class Orders
{
    /** The meta field of a planted order. */
    public const CANARY = '_tourniquet_canary';

    /** @param mixed $order an order, a refund (its order counts), or an order's number */
    public static function add($order, Found $found, bool $own = false): void
    {
        $order = self::orderOf($order);
        if ($order === null) {
            return;
        }
        $found->person('customer', (string) $order->get_billing_email(), (int) $order->get_customer_id(), (string) $order->get_billing_country(), $own);
        $found->saw('email', 'name', 'address');
        $found->counted(1);
        if (method_exists($order, 'get_meta') && $order->get_meta(self::CANARY)) {
            $found->canary();
        }
    }

    /**
     * @param mixed $order
     * @return object|null with WC_Order's getters
     */
    public static function orderOf($order): ?object
    {
        if ((is_int($order) || is_string($order)) && function_exists('wc_get_order')) {
            $order = wc_get_order((int) $order);
        }
        if (is_object($order) && !method_exists($order, 'get_billing_email') && method_exists($order, 'get_parent_id') && function_exists('wc_get_order')) {
            $order = wc_get_order((int) $order->get_parent_id());
        }
        return is_object($order) && method_exists($order, 'get_billing_email') ? $order : null;
    }
}
