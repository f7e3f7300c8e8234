<?php
/**
 * Plugin Name: Assistant stand-in
 * Description: Asks whatever AI service it is told to, through WordPress' HTTP API. For tests.
 * Version: 1.2.0
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

// `wp_ajax_assistant_ask` with `url`, `body` (JSON as text) and `headers[]` sends it, and answers what came back.
foreach (['wp_ajax_assistant_ask', 'wp_ajax_nopriv_assistant_ask'] as $hook) {
    add_action($hook, static function (): void {
        $answer = wp_remote_post((string) wp_unslash($_POST['url']), [
            'headers' => ['Content-Type' => 'application/json', 'Authorization' => 'Bearer made-up'] + (array) wp_unslash($_POST['headers'] ?? []),
            'body' => (string) wp_unslash($_POST['body'] ?? ''),
            'timeout' => 5,
        ]);
        wp_send_json(is_wp_error($answer)
            ? ['error' => $answer->get_error_code(), 'message' => $answer->get_error_message()]
            : ['status' => wp_remote_retrieve_response_code($answer), 'body' => wp_remote_retrieve_body($answer)]);
    });
}
