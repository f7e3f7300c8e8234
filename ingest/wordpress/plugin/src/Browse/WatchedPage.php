<?php

declare(strict_types=1);

namespace Tourniquet\Browse;

use Tourniquet\Settings;

/** Whether the page being made is one people type personal data into: checkout, account, booking. */
final class WatchedPage
{
    private const SHORTCODES = ['woocommerce_checkout', 'woocommerce_my_account', 'contact-form-7', 'gravityform', 'wpforms', 'ninja_form', 'forminator_form', 'fluentform', 'formidable', 'bookly-form', 'booking', 'ameliabooking', 'ameliastepbooking', 'ea_bootstrap', 'latepoint_book_button', 'edd_checkout', 'download_checkout', 'give_form', 'pmpro_checkout'];
    private const BLOCKS = ['woocommerce/checkout', 'contact-form-7/contact-form-selector', 'gravityforms/form', 'wpforms/form-selector', 'amelia/booking'];

    public static function isNow(Settings $settings): bool
    {
        foreach (['is_checkout', 'is_account_page'] as $question) {
            if (function_exists($question) && $question()) {
                return true;
            }
        }
        $path = rtrim((string) strtok((string) ($_SERVER['REQUEST_URI'] ?? '/'), '?'), '/') . '/';
        foreach ($settings->get('browser_pages') as $page) {
            if (is_string($page) && $page !== '' && strncmp($path, rtrim($page, '/') . '/', strlen(rtrim($page, '/')) + 1) === 0) {
                return true;
            }
        }
        $post = is_singular() ? get_queried_object() : null;
        return $post instanceof \WP_Post && self::holdsForm($post->post_content);
    }

    private static function holdsForm(string $content): bool
    {
        foreach (self::SHORTCODES as $shortcode) {
            if (strpos($content, '[' . $shortcode) !== false) {
                return true;
            }
        }
        foreach (self::BLOCKS as $block) {
            if (strpos($content, '<!-- wp:' . $block) !== false) {
                return true;
            }
        }
        return false;
    }
}
