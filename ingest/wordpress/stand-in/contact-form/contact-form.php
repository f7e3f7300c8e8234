<?php
/**
 * Plugin Name: Contact form stand-in
 * Description: A form that fires what Contact Form 7 does when somebody sends it. For tests.
 * Version: 1.0.0
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

if (!class_exists('WPCF7_ContactForm')) {
    final class WPCF7_ContactForm
    {
        public function id(): int
        {
            return 7;
        }

        public function title(): string
        {
            return 'Contact';
        }
    }
    final class WPCF7_Submission
    {
        public static function get_instance(): self
        {
            return new self();
        }

        /** @return array<string, mixed>|mixed */
        public function get_posted_data(?string $name = null)
        {
            $posted = array_filter(wp_unslash($_POST), static fn(string $key): bool => strpos($key, '_wpcf7') !== 0, ARRAY_FILTER_USE_KEY);
            return $name === null ? $posted : ($posted[$name] ?? null);
        }
    }
}

add_action('rest_api_init', static function (): void {
    register_rest_route('contact-form-7/v1', '/contact-forms/(?P<id>\d+)/feedback', [
        'methods' => 'POST',
        'permission_callback' => '__return_true',
        'callback' => static function (): WP_REST_Response {
            $form = new WPCF7_ContactForm();
            $abort = false;
            do_action_ref_array('wpcf7_before_send_mail', [$form, &$abort, WPCF7_Submission::get_instance()]);
            wp_mail('shop@shop.example', 'Contact', (string) wp_unslash($_POST['your-message'] ?? ''));
            do_action('wpcf7_mail_sent', $form);
            do_action('wpcf7_submit', $form, ['status' => 'mail_sent', 'message' => 'Thank you.']);
            return new WP_REST_Response(['status' => 'mail_sent']);
        },
    ]);
});
