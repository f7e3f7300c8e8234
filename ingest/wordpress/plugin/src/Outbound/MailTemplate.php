<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

/** What a mail is for, by who writes it. */
final class MailTemplate
{
    /** Functions of WordPress that write mail. */
    private const FUNCTIONS = [
        'retrieve_password' => 'password-reset', 'wp_new_user_notification' => 'new-account', 'wp_password_change_notification' => 'password-changed', 'wp_notify_postauthor' => 'comment', 'wp_notify_moderator' => 'comment-moderation',
        'wp_update_user' => 'account-changed', 'send_confirmation_on_profile_email' => 'address-change', 'wp_site_admin_email_change_notification' => 'address-changed', 'update_option_new_admin_email' => 'address-change',
        'wp_send_user_request' => 'privacy-request', 'wp_privacy_send_personal_data_export_email' => 'privacy-export', 'wpmu_signup_user_notification' => 'new-account', 'wpmu_welcome_user_notification' => 'new-account',
        'wpmu_welcome_notification' => 'new-site', 'send_debug_email' => 'update', 'send_email' => 'update', 'send_plugin_theme_email' => 'update',
    ];
    private const FRAMES = 25;

    private string $named = '';

    /** Told by a shop, for the next mail. */
    public function name(string $template): void
    {
        $this->named = (string) preg_replace('/[^A-Za-z0-9_-]/', '', substr($template, 0, 64));
    }

    /** Of the mail being written; empty when nobody says. */
    public function current(): string
    {
        $named = $this->named;
        $this->named = '';
        if ($named !== '') {
            return $named;
        }
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, self::FRAMES) as $frame) {
            $class = $frame['class'] ?? '';
            if (isset(self::FUNCTIONS[$frame['function']]) && ($class === '' || strncmp($class, 'WP_', 3) === 0)) {
                return self::FUNCTIONS[$frame['function']];
            }
        }
        return '';
    }
}
