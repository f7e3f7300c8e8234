<?php

declare(strict_types=1);

namespace StandIn;

/** What a customer sees of orders: `?view-order=ID` logged in, `?order-received=ID&key=KEY`, `?download_file=…`. */
final class Account
{
    public static function register(): void
    {
        add_shortcode('woocommerce_my_account', static fn(): string => '<p>My account</p>');
        add_action('template_redirect', static function (): void {
            if (isset($_GET['download_file'], $_GET['order'])) {
                self::download();
            } elseif (isset($_GET['view-order'])) {
                self::show(wc_get_order((int) $_GET['view-order']), static fn(\WC_Order $order): bool => get_current_user_id() > 0 && $order->get_customer_id() === get_current_user_id());
            } elseif (isset($_GET['order-received'])) {
                self::show(wc_get_order((int) $_GET['order-received']), static fn(\WC_Order $order): bool => $order->key_is_valid((string) ($_GET['key'] ?? '')));
            }
        });
    }

    /** @param mixed $order */
    private static function show($order, callable $mayBeSeen): void
    {
        if (!$order instanceof \WC_Order || !$mayBeSeen($order)) {
            wp_die('Invalid order.', '', ['response' => 404]);
        }
        nocache_headers();
        echo '<p class="order-again">Order ' . esc_html($order->get_order_number()) . '</p>';
        do_action('woocommerce_order_details_before_order_table', $order);
        do_action('woocommerce_order_details_after_order_table', $order);
        echo '<address>' . esc_html($order->get_billing_first_name() . ' ' . $order->get_billing_last_name()) . '<br>' . esc_html($order->get_billing_email()) . '</address>';
        do_action('woocommerce_after_order_details', $order);
        if (isset($_GET['order-received'])) {
            do_action('woocommerce_thankyou', $order->get_id());
        }
        exit;
    }

    private static function download(): void
    {
        $order = wc_get_order(wc_get_order_id_by_order_key((string) $_GET['order']));
        if (!$order instanceof \WC_Order || !hash_equals(hash('sha256', $order->get_billing_email()), (string) ($_GET['uid'] ?? ''))) {
            wp_die('Invalid download link.', '', ['response' => 404]);
        }
        $product = (int) $_GET['download_file'];
        do_action('woocommerce_download_product', $order->get_billing_email(), $order->get_order_key(), $product, get_current_user_id(), 'made-up-download', $order->get_id());
        header('Content-Type: application/pdf');
        header('Content-Disposition: attachment; filename="leaflet.pdf"');
        echo '%PDF-1.4 made up';
        exit;
    }
}
