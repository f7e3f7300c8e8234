<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Outbound\DirectCallers;
use Tourniquet\Outbound\KnownHosts;

/** Which hosts plugins call, and which plugins call past WordPress, where this plugin cannot see it. */
final class Outgoing
{
    public static function show(): void
    {
        $known = KnownHosts::all();
        if ($known === []) {
            echo '<p>' . esc_html__('No call was seen yet.', 'tourniquet') . '</p>';
        } else {
            Cells::open(__('Hosts by plugin', 'tourniquet'), [__('Plugin', 'tourniquet'), __('Hosts', 'tourniquet')]);
            foreach ($known as $slug => $hosts) {
                Cells::row([$slug === '' ? 'WordPress' : (string) $slug, implode(', ', array_keys($hosts))]);
            }
            Cells::close();
        }
        $direct = class_exists(DirectCallers::class) ? DirectCallers::all() : [];
        if ($direct !== []) {
            echo '<p>' . esc_html__('These plugins can call other hosts past WordPress, where this page cannot see it. A rule of the server\'s firewall can:', 'tourniquet') . '</p><ul class="ul-disc">';
            foreach ($direct as $slug => $functions) {
                echo '<li>' . esc_html($slug . ': ' . implode(', ', array_map('strval', (array) $functions))) . '</li>';
            }
            echo '</ul>';
        }
    }
}
