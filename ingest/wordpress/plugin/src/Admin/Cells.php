<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

/** Headings, states and tables of the page. All texts given are escaped here. */
final class Cells
{
    public static function heading(string $text): void
    {
        echo '<h2>' . esc_html($text) . '</h2>';
    }

    /** `$kind`: `good` or `bad`; the words say it, too. */
    public static function state(string $kind, string $label, string $text): void
    {
        $mark = $kind === 'good' ? '✓' : '!';
        echo '<p class="tourniquet-state tourniquet-' . esc_attr($kind) . '"><span aria-hidden="true">' . esc_html($mark) . '</span> <strong>' . esc_html($label) . '</strong> ' . esc_html($text) . '</p>';
    }

    /** @param list<array{string, string}> $rows name and value */
    public static function table(string $caption, array $rows): void
    {
        echo '<table class="widefat striped tourniquet-facts"><caption class="screen-reader-text">' . esc_html($caption) . '</caption><tbody>';
        foreach ($rows as [$name, $value]) {
            echo '<tr><th scope="row">' . esc_html($name) . '</th><td>' . nl2br(esc_html($value === '' ? '–' : $value)) . '</td></tr>';
        }
        echo '</tbody></table>';
    }

    /** @param list<string> $columns */
    public static function open(string $caption, array $columns): void
    {
        echo '<div class="tourniquet-scroll" tabindex="0" role="region" aria-label="' . esc_attr($caption) . '"><table class="widefat striped"><caption class="screen-reader-text">' . esc_html($caption) . '</caption><thead><tr>';
        foreach ($columns as $column) {
            echo '<th scope="col">' . esc_html($column) . '</th>';
        }
        echo '</tr></thead><tbody>';
    }

    /**
     * @param list<string> $cells
     * @param (callable(): void)|null $last writes the last cell, escaped
     */
    public static function row(array $cells, ?callable $last = null): void
    {
        echo '<tr>';
        foreach ($cells as $cell) {
            echo '<td>' . esc_html($cell === '' ? '–' : $cell) . '</td>';
        }
        if ($last !== null) {
            echo '<td>';
            $last();
            echo '</td>';
        }
        echo '</tr>';
    }

    public static function close(): void
    {
        echo '</tbody></table></div>';
    }

    public static function ago(int $seconds): string
    {
        if ($seconds <= 0) {
            return __('never', 'tourniquet');
        }
        /* translators: %s: a span of time, as "5 minutes" */
        return sprintf(__('%s ago', 'tourniquet'), human_time_diff($seconds));
    }

    public static function time(int $seconds): string
    {
        return (string) wp_date(get_option('date_format') . ' ' . get_option('time_format'), $seconds);
    }
}
