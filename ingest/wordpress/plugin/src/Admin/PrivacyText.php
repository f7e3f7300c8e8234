<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

/** What the owner may put into the privacy policy. */
final class PrivacyText
{
    public static function html(): string
    {
        $paragraphs = [
            __('To protect your data we keep a security log of who accesses personal data on this site: log-ins, views and exports of orders and accounts, changes of settings and code, and calls to other services.', 'tourniquet'),
            __('The log names persons by keyed pseudonyms that are worked out on this server; it holds no names, e-mail addresses, telephone numbers or texts. It does hold the network address of a request, the login names of people who work here, and times.', 'tourniquet'),
            __('The log is sent encrypted to our log service [name it, and say where it is] and kept there for [time]. It lets us find misuse early, and tell you precisely what was affected if data should ever leak. The legal ground is our legitimate interest in the security of processing.', 'tourniquet'),
            __('On checkout, account and booking pages your browser may report which scripts run on the page. These reports hold addresses of scripts, and nothing that you type. [Delete this paragraph if you do not use it.]', 'tourniquet'),
        ];
        return '<div class="wp-suggested-text"><p>' . implode('</p><p>', array_map('esc_html', $paragraphs)) . '</p></div>';
    }
}
